"""What the routes of the operator's work take, as pydantic models."""
