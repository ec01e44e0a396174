"""A class without people and without Docker, to measure and attack a hub."""
