"""Work handed out, collected, marked in a sandbox, and given back."""
