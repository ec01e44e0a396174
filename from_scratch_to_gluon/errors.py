"""What can go wrong, told to people."""


class BookError(Exception):
    """A message for people: what is wrong, where, and what to do."""
