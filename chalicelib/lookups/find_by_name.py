"""Listed merchants by name, for regulators: through the posting lists by which lookups find them."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.lookups import look_up_applicant
from chalicelib.lookups.parse_applicant import parse_applicant
from chalicelib.values.keyed_digest import Digest

if TYPE_CHECKING:
    from chalicelib.accounts.api_keys import Caller
    from chalicelib.lookups.look_up_applicant import Context
    from chalicelib.lookups.rules.lookup_answer import Match

MOST: Final = 20


def find_by_name(context: "Context", caller: "Caller", name: str, digest: Digest, now: datetime) -> "tuple[Match, ...]":
    """The listed merchants that such a name may mean, the gravest first, 20 at most, as a lookup finds them.

    Nothing is recorded of it. It costs what a lookup by name does: two calls, some 10 read units. `BadRequest` for a
    name that says nothing.
    """
    applicant = parse_applicant({"name": name}, digest)
    return look_up_applicant.search(context, caller, applicant, now).matches[:MOST]
