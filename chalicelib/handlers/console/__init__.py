"""The console: what people of platforms, regulators and the operator do in a browser."""
