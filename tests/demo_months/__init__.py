"""Plays the six months of the demo data's invented city and writes the state that `make run` loads."""
