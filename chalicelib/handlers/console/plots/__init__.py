"""Plots of the console as SVG: each answers a question, has its numbers beneath it as a table, and needs no script."""
