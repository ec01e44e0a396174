"""What makes notebooks run on computers that know nothing of the book."""
