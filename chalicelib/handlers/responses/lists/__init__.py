"""Answers of lists that people and their screens work through."""
