"""Electronic business licences: checks of them, and the display links that shops carry."""

from typing import TYPE_CHECKING, Final

from chalicelib import errors, logs, messages, wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.addresses import address
from chalicelib.handlers.routing import OPERATOR, PLATFORM, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.handlers.requests.licence_checks import LicenceCheck, LicenceLink, Review, WalletPresentation

routes = Routes(__name__, "licences")
READERS = (PLATFORM, REGULATOR, OPERATOR)
# As `wallet_presentation.MOST_BYTES` says.
LONGEST_PRESENTATION: Final = 32 * 1024


@routes.route(
    "/v1/licence-checks",
    "POST",
    "createLicenceCheck",
    roles=(PLATFORM,),
    body="licence_checks:LicenceCheck",
    returns="licences:LicenceChallenge",
    status=201,
    errors=(
        ErrorCode.INVALID_USCC,
        ErrorCode.VERIFIER_OFF,
        ErrorCode.TRUST_MISSING,
        ErrorCode.REVOCATION_LIST_MISSING,
        ErrorCode.NATIONAL_UNREACHABLE,
        ErrorCode.NATIONAL_UNREADABLE,
    ),
)
def start_check(request: Request, body: "LicenceCheck") -> Json:
    """Open a check: what to put before the holder of the licence, good for five minutes."""
    from chalicelib.licences import licence_checks

    asked = licence_checks.CheckRequest(**body.model_dump())
    made = licence_checks.start(
        dependencies.licence_checks(), asked, request.caller.platform_id, address(request), wiring.now()
    )
    logs.note(
        "licence_check_opened", check=made["check_id"], method=made["method"], platform=request.caller.platform_id
    )
    return with_picture(made)


@routes.route(
    "/v1/licence-checks/{check_id}",
    "GET",
    "getLicenceCheck",
    roles=(PLATFORM, REGULATOR),
    returns="licences:LicenceCheckStatus",
    errors=(ErrorCode.NOT_FOUND,),
)
def get_check(request: Request, check_id: str) -> Json:
    """How a check stands, for the platform that asked and for regulators."""
    from chalicelib.licences import licence_checks, manual_review

    context, mine = dependencies.licence_checks(), request.caller.platform_id if request.caller.role == PLATFORM else ""
    check = licence_checks.find(context.exchange, check_id, mine)
    if check.method == "manual":
        return manual_review.refresh(context, wiring.bucket(), check_id, wiring.now())
    return licence_checks.refresh(context, check, wiring.now())


@routes.route(
    "/v1/licence-checks/{check_id}/response",
    "POST",
    "answerLicenceCheck",
    body="licence_checks:WalletPresentation",
    returns="licences:LicenceCheckOutcome",
    longest_body=LONGEST_PRESENTATION,
    errors=(ErrorCode.NOT_FOUND, ErrorCode.LICENCE_CHECK_OVER, ErrorCode.NO_WALLET_ASKED, ErrorCode.TOO_LARGE),
)
def answer_check(_request: Request, body: "WalletPresentation", check_id: str) -> Json:
    """Take what a wallet shows; no key, for the signed presentation is the credential."""
    from chalicelib.licences import licence_checks

    presentation = body.presentation
    answered = licence_checks.answer(dependencies.licence_checks(), check_id, presentation, wiring.now())
    reason = answered.get("reason", {}).get("code", "")
    logs.note("licence_check_answered", check=check_id, state=answered["state"], reason=reason)
    return answered


@routes.route(
    "/v1/licence-checks/{check_id}/document",
    "GET",
    "getLicenceDocument",
    roles=READERS,
    returns="licences:LicenceDocument",
    errors=(
        ErrorCode.NOT_FOUND,
        ErrorCode.NOTHING_TO_REVIEW,
        ErrorCode.LICENCE_CHECK_OVER,
        ErrorCode.REVIEWED_ALREADY,
        ErrorCode.NOTHING_UPLOADED,
        ErrorCode.NO_PICTURE,
    ),
    audited=True,
)
def get_document(request: Request, check_id: str) -> Json:
    """A link to the uploaded licence, for somebody who may review it."""
    from chalicelib.licences import manual_review

    document = manual_review.document(wiring.exchange(), wiring.bucket(), request.caller, check_id, wiring.now())
    logs.note("licence_read", check=check_id, by=request.caller.platform_id, key_id=request.caller.key_id)
    return document


@routes.route(
    "/v1/licence-checks/{check_id}/reviews",
    "POST",
    "reviewLicence",
    roles=READERS,
    body="licence_checks:Review",
    returns="licences:LicenceCheckStatus",
    errors=(
        ErrorCode.NOT_FOUND,
        ErrorCode.NOTHING_TO_REVIEW,
        ErrorCode.LICENCE_CHECK_OVER,
        ErrorCode.REVIEWED_ALREADY,
        ErrorCode.NOTHING_UPLOADED,
        ErrorCode.NO_PICTURE,
    ),
)
def review_check(request: Request, body: "Review", check_id: str) -> Json:
    """Take what one person read off an uploaded licence; the second review, of another participant, decides."""
    from chalicelib.licences import manual_review

    typed = body.model_dump()
    reviewed = manual_review.review(
        dependencies.licence_checks(), wiring.bucket(), request.caller, check_id, typed, wiring.now()
    )
    logs.note("licence_reviewed", check=check_id, by=request.caller.platform_id, key_id=request.caller.key_id)
    return reviewed


@routes.route(
    "/v1/licence-links/check",
    "POST",
    "checkLicenceLink",
    roles=(PLATFORM, REGULATOR),
    body="licence_checks:LicenceLink",
    returns="licences:LinkCheck",
    errors=(ErrorCode.INVALID_USCC,),
    audited=False,
)
def check_link(_request: Request, body: "LicenceLink") -> Json:
    """Whether a display link is well formed and, where the national system may be asked, whether it leads there."""
    from chalicelib.licences.rules import national_licence_link
    from chalicelib.values import organisation_codes

    code = organisation_codes.compact(body.uscc or "")
    if code and not organisation_codes.has_uscc_shape(code):
        raise errors.BadRequest(ErrorCode.INVALID_USCC, uscc=code[:40])
    checked = national_licence_link.check_link(body.url, code, wiring.now())
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
        "problems": [{"code": code, "message": messages.message(code)} for code in checked.problems],
    }


def with_picture(made: Json) -> Json:
    """The challenge with its QR code drawn (ISO/IEC 18004), where there is something to scan."""
    text = made.pop("qr_text")
    if not text:
        return made
    import segno

    drawn = segno.make(text, error="m", micro=False)
    svg = drawn.svg_inline(scale=4, border=4, dark="#000", light="#fff")
    return {**made, "qr": {"text": text, "svg": svg}}
