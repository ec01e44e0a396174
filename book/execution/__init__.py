"""Notebooks -> executed notebooks, each executed once."""
