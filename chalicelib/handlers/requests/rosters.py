"""What /v1/rosters takes, as pydantic models."""

from pydantic import Field

from chalicelib.handlers.requests.fields import Strict, Text


class RosterUpload(Strict):
    """A file that will be posted straight to the bucket."""

    file_name: Text = Field(min_length=1, description="only shown back")
