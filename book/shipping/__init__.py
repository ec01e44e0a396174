"""What readers get: site, printed book, notebooks, bundles."""
