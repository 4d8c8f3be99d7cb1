"""Tests of keys that rotate."""
