"""Rehearsals of deploys that go wrong."""
