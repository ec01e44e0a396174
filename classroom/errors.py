"""The errors of a class that are told without a traceback."""


class ClassError(Exception):
    """What is wrong with a class, a line for each, and the way out."""
