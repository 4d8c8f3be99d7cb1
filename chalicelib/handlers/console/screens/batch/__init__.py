"""The batch search: many applicants at once, pasted or in a file."""
