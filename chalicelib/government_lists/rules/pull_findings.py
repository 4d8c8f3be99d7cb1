"""What reading a delivery of a government list found beside its entries: remarks, columns that nobody knows."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.values.records import Json, Record, stored


@dataclass(frozen=True, slots=True, kw_only=True)
class PullFindings(Record):
    """What an operator sees of a pull: how many entries carry each remark, and which columns were not read.

    `warnings`: a code of `FindingCode` -> entries. `unknown_columns`: the headers that nothing here knows; `nearest`
    has the known name that some of them may have meant. `kept_rejections`: rejected rows that can be read.
    """

    warnings: Mapping[str, int] = stored(factory=dict)
    unknown_columns: tuple[str, ...] = stored((), many="values")
    nearest: Mapping[str, str] = stored(factory=dict)
    kept_rejections: int = stored(0)


def findings_view(findings: PullFindings) -> Json:
    """The findings as operators and regulators see them; nothing where there are none."""
    fields: Json = {
        "warnings": dict(findings.warnings),
        "unknown_columns": list(findings.unknown_columns),
        "nearest": dict(findings.nearest),
    }
    return {name: value for name, value in fields.items() if value}
