"""Electronic business licences: checks of them, and the display links that shops carry."""

from typing import Any

from chalicelib import errors, logs, wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.routing import OPERATOR, PLATFORM, REGULATOR, Ask, Doors, Reply
from chalicelib.licences.rules import national_licence_link
from chalicelib.licences.rules.wallet_presentation import MOST_BYTES
from chalicelib.values import organisation_codes

doors = Doors(__name__)
READERS = (PLATFORM, REGULATOR, OPERATOR)


@doors.door("/v1/licence-checks", "POST", roles=(PLATFORM,))
def start_check(ask: Ask) -> Reply:
    """Open a check: what to put before the holder of the licence, good for five minutes."""
    from chalicelib.handlers.requests.licence_checks import LicenceCheck
    from chalicelib.licences import licence_checks

    wanted = ask.read(LicenceCheck)
    asked = licence_checks.CheckRequest(**wanted.model_dump())
    made = licence_checks.start(
        dependencies.licence_checks(), asked, ask.caller.platform_id, address(ask), wiring.now()
    )
    logs.note("licence_check_opened", check=made["check_id"], method=made["method"], platform=ask.caller.platform_id)
    return Reply(with_picture(made), 201)


@doors.door("/v1/licence-checks/{check_id}", "GET", roles=(PLATFORM, REGULATOR))
def get_check(ask: Ask, check_id: str) -> dict[str, Any]:
    """How a check stands, for the platform that asked and for regulators."""
    from chalicelib.licences import licence_checks, manual_review

    context, mine = dependencies.licence_checks(), ask.caller.platform_id if ask.caller.role == PLATFORM else ""
    check = licence_checks.find(context.exchange, check_id, mine)
    if check.method == "manual":
        return manual_review.refresh(context, wiring.bucket(), check_id, wiring.now())
    return licence_checks.refresh(context, check, wiring.now())


@doors.door("/v1/licence-checks/{check_id}/response", "POST")
def answer_check(ask: Ask, check_id: str) -> dict[str, Any]:
    """Take what a wallet shows; no key, for the signed presentation is the credential."""
    # Of a body that is too large nothing is read: base64 and JSON add less than what is allowed beyond it.
    if len(ask.request.raw_body) > MOST_BYTES + 1_024:
        raise errors.TooLarge("too_large", limit_bytes=MOST_BYTES)
    from chalicelib.handlers.requests.licence_checks import Presentation
    from chalicelib.licences import licence_checks

    shown = ask.read(Presentation).presentation
    answered = licence_checks.answer(dependencies.licence_checks(), check_id, shown, wiring.now())
    reason = answered.get("reason", {}).get("code", "")
    logs.note("licence_check_answered", check=check_id, state=answered["state"], reason=reason)
    return answered


@doors.door("/v1/licence-checks/{check_id}/document", "GET", roles=READERS)
def get_document(ask: Ask, check_id: str) -> dict[str, Any]:
    """A link to the uploaded licence, for somebody who may review it."""
    from chalicelib.licences import manual_review

    shown = manual_review.document(wiring.exchange(), wiring.bucket(), ask.caller, check_id, wiring.now())
    logs.note("licence_read", check=check_id, by=ask.caller.platform_id, key_id=ask.caller.key_id)
    return shown


@doors.door("/v1/licence-checks/{check_id}/reviews", "POST", roles=READERS)
def review_check(ask: Ask, check_id: str) -> dict[str, Any]:
    """Take what one person read off an uploaded licence; the second review, of another participant, decides."""
    from chalicelib.handlers.requests.licence_checks import Review
    from chalicelib.licences import manual_review

    typed = ask.read(Review).model_dump()
    reviewed = manual_review.review(
        dependencies.licence_checks(), wiring.bucket(), ask.caller, check_id, typed, wiring.now()
    )
    logs.note("licence_reviewed", check=check_id, by=ask.caller.platform_id, key_id=ask.caller.key_id)
    return reviewed


@doors.door("/v1/licence-links/check", "POST", roles=(PLATFORM, REGULATOR))
def check_link(ask: Ask) -> dict[str, Any]:
    """Whether a display link is well formed and, where the national system may be asked, whether it leads there."""
    from chalicelib.handlers.requests.licence_checks import LicenceLink

    wanted = ask.read(LicenceLink)
    code = organisation_codes.compact(wanted.uscc or "")
    if code and not organisation_codes.is_valid_uscc(code):
        raise errors.BadRequest("invalid_uscc", uscc=code[:40])
    checked = national_licence_link.check_link(wanted.url, code, wiring.now())
    links = wiring.display_links()
    confirmation = "off" if links is None else "not_asked"
    if links is not None and not checked.problems:
        confirmation = links.confirm(checked.url, checked.uscc)
    return {
        "link_wellformed": not checked.problems,
        "link_confirmed": confirmation == "confirmed",
        "confirmation": confirmation,
        "uscc": checked.uscc,
        "made_at": checked.made_at,
        "problems": [{"code": code, "message": errors.message(code)} for code in checked.problems],
    }


def with_picture(made: dict[str, Any]) -> dict[str, Any]:
    """The challenge with its QR code drawn (ISO/IEC 18004), where there is something to scan."""
    text = made.pop("qr_text")
    if not text:
        return made
    import segno

    drawn = segno.make(text, error="m", micro=False)
    svg = drawn.svg_inline(scale=4, border=4, dark="#000", light="#fff")
    return {**made, "qr": {"text": text, "svg": svg}}


def address(ask: Ask) -> str:
    """The address of this API as its caller reached it, with the stage where the gateway has one; without a slash."""
    context = ask.request.context or {}
    stage, routed, _ = str(context.get("path", "")).partition("/v1/")
    if context.get("domainName"):
        return f"https://{context['domainName']}{stage if routed else ''}"
    return f"http://{ask.header('host') or 'localhost'}"
