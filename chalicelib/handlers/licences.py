"""Electronic business licences: the display links that shops carry. /v1/licence-links."""

from typing import Any

from chalicelib import errors, wiring
from chalicelib.domain import identifier, licence
from chalicelib.handlers.api import PLATFORM, REGULATOR, Ask, Doors

doors = Doors(__name__)


@doors.door("/v1/licence-links/check", "POST", roles=(PLATFORM, REGULATOR))
def check_link(ask: Ask) -> dict[str, Any]:
    """Whether a display link is well formed; `link_confirmed` stays false until the national system is asked."""
    from chalicelib.handlers.models import LicenceLink

    wanted = ask.read(LicenceLink)
    code = identifier.compact(wanted.uscc or "")
    if code and not identifier.is_valid_uscc(code):
        raise errors.BadRequest("invalid_uscc", uscc=code[:40])
    checked = licence.check_link(wanted.url, code, wiring.now())
    return {
        "link_wellformed": not checked.problems,
        "link_confirmed": False,
        "uscc": checked.uscc,
        "made_at": checked.made_at,
        "problems": [{"code": code, "message": errors.message(code)} for code in checked.problems],
    }
