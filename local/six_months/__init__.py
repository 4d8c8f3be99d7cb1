"""Six months of an invented city as demo data: the recorded state, moved to the day on which it is loaded."""

from pathlib import Path
from typing import Final

STATE: Final = Path(__file__).parent / "state.json.gz"
# In the file what items hold packed with zlib is text under this name instead of `B`, so that the file is packed once.
UNPACKED: Final = "unpacked"
