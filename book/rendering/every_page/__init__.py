"""Parts of every page."""
