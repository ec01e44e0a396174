"""What training reached: results, their bands, expected outputs."""
