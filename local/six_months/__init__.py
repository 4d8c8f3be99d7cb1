"""Six months of an invented city as demo data: the recorded state, moved to the day on which it is loaded."""

from pathlib import Path
from typing import Final

STATE: Final = Path(__file__).parent / "state.json.gz"
