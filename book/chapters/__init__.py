"""What authors write: settings, list of pages, Markdown, terms."""
