"""Rosters: a file looked at and sent, how far it is, which merchants match."""
