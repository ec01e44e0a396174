"""Checks of the text alone, in seconds."""
