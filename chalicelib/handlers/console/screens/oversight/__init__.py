"""Oversight: government lists, where platforms and government agree, and findings that wait for a decision."""
