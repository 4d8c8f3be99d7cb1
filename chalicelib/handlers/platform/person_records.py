"""The own record of a natural person, asked for on its behalf. /v1/person-records."""

from typing import TYPE_CHECKING

from chalicelib import logs, wiring
from chalicelib.errors import BadRequest
from chalicelib.handlers import dependencies
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.handlers.requests.merchant_record import PersonRecordRequest

routes = Routes(__name__, "my-record")


@routes.route(
    "/v1/person-records",
    "POST",
    "readPersonRecord",
    roles=(PLATFORM, REGULATOR),
    body="merchant_record:PersonRecordRequest",
    returns="my_record:PersonRecord",
    errors=(ErrorCode.NOTHING_TO_LOOK_UP, ErrorCode.INVALID_RESIDENT_ID, ErrorCode.SECOND_FIELD_NEEDED),
)
def read(request: Request, body: "PersonRecordRequest") -> Json:
    """Every listing of a natural person, for that person: by whom, for what, until when, and how to dispute it."""
    from chalicelib.lookups.parse_applicant import parse_applicant
    from chalicelib.merchant_record import person_record

    applicant = parse_applicant(body.model_dump(), wiring.digest())
    if not (applicant.person or applicant.permit or applicant.personal_account):
        raise BadRequest(ErrorCode.NOTHING_TO_LOOK_UP)
    record = person_record.read_person_record(dependencies.merchant_record(), applicant, wiring.now())
    logs.note("person_record_read", by=request.caller.platform_id, subjects=len(record.subject_ids))
    return record.as_json()
