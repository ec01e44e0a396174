"""What leads into the book: its first page, its parts, whole files of it.

Only the site has this; elsewhere these pages are the plain lists that their
authors write.
"""
