"""The screens of the operator: how the exchange stands, platforms, government lists, records that were set aside."""
