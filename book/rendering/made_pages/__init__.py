"""Pages made from other files: terms, results, utils."""
