"""A release of the functions: sent once, published as versions, and made live by moving one alias of each function."""
