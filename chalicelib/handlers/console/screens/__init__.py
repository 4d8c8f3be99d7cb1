"""The screens of the console, one module for each entry of its navigation."""
