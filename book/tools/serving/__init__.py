"""`make serve`: the book in a browser, new whenever a file is saved."""
