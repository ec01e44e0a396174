"""The hub: its settings judged, who comes in, and students' servers."""
