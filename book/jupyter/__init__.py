"""Chapters in Jupyter: what Markdown is as a notebook, and the way back.

`chapter` turns one into the other, `contents` does so for Jupyter's server,
and the extension in `labextensions` tells JupyterLab and Notebook to open
pages as notebooks. `server_config.py` brings them together.
"""
