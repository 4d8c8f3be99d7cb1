"""Rotate the keys of a stage: which key of a secret is current, what stands under earlier ones, and the next step."""
