"""The price of a month."""
