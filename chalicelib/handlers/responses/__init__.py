"""What the API answers, as pydantic models, one module for each capability.

Nothing imports them while requests are served: the description of the API is made from them, and in the tests every
answer is held against them, so that the two cannot drift apart.
"""
