"""The front door: what `make` and `python -m book` do before the book runs.

It finds an engine and a Python, makes or renews an environment, and goes on
in there. It runs on Python 3.8, with no package at all.
"""
