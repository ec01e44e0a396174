"""A class with JupyterHub: its hub, its keeping, and the marking of work."""
