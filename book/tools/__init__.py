"""Tools for this computer: commands, doctor, Jupyter."""
