"""An applicant may be named by its organisation code, from before the credit code; a wrong one is refused."""

import pytest

from chalicelib.errors import BadRequest
from chalicelib.lookups.parse_applicant import parse_applicant
from chalicelib.lookups.rules.posting_lists import keys_to_read
from chalicelib.messages import ErrorCode
from tests.support.builders import uscc


def _digest(field: str, value: str) -> str:
    return f"{field}:{value}"


@pytest.mark.parametrize("written", ["{0}", "{1}-{2}", " {1}－{2} "])
def test_an_organisation_code_is_asked_for_with_or_without_its_hyphen(written: str) -> None:
    code = uscc(1)[8:17]
    applicant = parse_applicant({"org_code": written.format(code, code[:8], code[8])}, _digest)
    assert (applicant.org_code, applicant.asked) == (code, {"org_code": "used"})
    assert f"org#{code}" in keys_to_read(applicant)[1]


def test_an_organisation_code_whose_check_fails_is_refused() -> None:
    code = uscc(1)[8:17]
    wrong = next(code[:8] + char for char in "0123456789X" if char != code[8])
    with pytest.raises(BadRequest) as error:
        parse_applicant({"org_code": wrong, "name": "苏州霁昱商贸有限公司"}, _digest)
    assert error.value.code == ErrorCode.INVALID_ORG_CODE
