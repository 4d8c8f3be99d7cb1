"""Drafts: files that a person has sent to look at before they count."""
