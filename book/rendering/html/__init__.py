"""The site: heads, menus, styles, formulas, search, moving figures."""
