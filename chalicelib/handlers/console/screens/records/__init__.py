"""Merchants and listings: what stands of a merchant, and what became of each listing of it."""
