"""Each chapter executed once, for both editions."""
