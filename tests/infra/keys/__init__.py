"""Tests of the command that rotates keys."""
