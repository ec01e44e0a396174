"""The pictures of pages: their words, and which turn dark."""
