"""How fast the book is and what it needs; `make bench` measures all of it.

Each part measures in processes of its own and compares within one run:
other machines have other times, and much the same ratios. `report` makes
tables and plots of what the parts find.
"""
