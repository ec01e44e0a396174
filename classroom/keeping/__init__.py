"""What keeps a class: backups, its return after harm, the end of a term."""
