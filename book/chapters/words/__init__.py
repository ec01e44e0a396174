"""The words of both editions: of pages, in en.yml and zh.yml, and pictures.
"""
