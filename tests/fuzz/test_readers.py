"""Whatever a reader gets from outside, it reads, or refuses as it declares; it never falls over.

Rows of reports, rosters, government lists and the company register; JSON of any shape; workbooks whose parts are
damaged; answers of wallets and their certificates, signed as they should be and saying anything.
"""

import base64
import io
import json
import tempfile
import zipfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jwt import PyJWS

from chalicelib.errors import FileRefused
from chalicelib.government_lists.rules.company_register_row import CompanyRegisterEntry, read_company_register_row
from chalicelib.government_lists.rules.list_row import ListEntry, read_list_row
from chalicelib.government_lists.rules.list_types import LISTS
from chalicelib.licences.rules import wallet_presentation
from chalicelib.licences.rules.certificate_chain import NoRevocationList, Trust, Untrusted
from chalicelib.reports.rules.eviction import Eviction, Rejection
from chalicelib.reports.rules.validate_report_row import validate_row
from chalicelib.rosters.rules.validate_roster_row import RosterRow, read_roster_row
from chalicelib.table_files.read_table_file import read_table_file
from chalicelib.table_files.rules.header_synonyms import HEADER_SYNONYMS
from chalicelib.table_files.workbooks.workbook import read_workbook
from tests.fuzz.served import EXAMPLES
from tests.support.builders import uscc
from tests.support.licence_issuing import LICENCE, check, holder, office, trust
from tests.table_files.example_files import HEADER, TODAY, row, shown, workbook

NOW = datetime.now(UTC).replace(microsecond=0)
EACH = settings(
    max_examples=40 * EXAMPLES or 40,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
ODD = (
    *(
        "\0",
        "\x01\x7f",
        "\ud800",
        "\udcff杭州",
        "\uffff",
        "\ufffd",
        "\u202e",
        "𠀀𝟎",
        "１２３",
        "١٢٣",
        "=1+1",
        "＝1",
        "\n\r\t",
        "''",
    ),
    *(
        "a" * 32_768,
        "示" * 32_768,
        "1" * 5_000,
        " " * 5_000 + "x",
        "(" * 3_000,
        "9" * 4_301,
        "-1",
        "1e999",
        "NaN",
        "∞",
        "²",
        "½",
    ),
    *(
        "2026-02-30",
        "0000-00-00",
        "9999-12-31",
        "99999-1-1",
        "二〇二六年十三月",
        "1970-01-01T00:00:00+99:99",
        "/date(99999999999999)/",
    ),
    *(
        "30.2.2026",
        "1/1/0000",
        "0",
        "2958466",
        "-44256",
        "20260101T",
        "长期",
        "tue nov 31 00:00:00 cst 2026",
        "民国元年一月一日",
    ),
    *(
        "91110105MA0000015F",
        "11010519491231002X",
        "13800138000",
        "6222021234567890123",
        "统一社会信用代码：",
        "注销",
        "是",
        "删",
    ),
)
TEXT = st.sampled_from(ODD) | st.text(st.characters(), max_size=24) | st.text("0123456789-/.年月日: ", max_size=16)
FIELDS = sorted(HEADER_SYNONYMS)
GOOD = {
    "uscc": uscc(1),
    "name": "绍兴若耶溪示例纺织有限公司",
    "evicted_on": "2021-07-01",
    "reason_text": "假冒",
    "listed_on": "2021-07-01",
}
CELLS = st.dictionaries(st.sampled_from(FIELDS), TEXT, max_size=6)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS) | TEXT, inner, max_size=5),
    max_leaves=12,
)


@EACH
@given(CELLS, st.booleans())
def test_every_row_is_taken_or_rejected(cells: dict[str, str], is_whole: bool) -> None:
    cells = {**GOOD, **cells} if is_whole else cells
    assert isinstance(validate_row(1, cells, today=TODAY, digest=shown), Eviction | Rejection)
    for mode in ("full", "changes"):
        taken = read_roster_row(1, {"shop_id": "m1", **cells}, mode=mode, digest=shown)
        assert isinstance(taken, RosterRow | Rejection)
    for list_type in LISTS:
        entry = read_list_row(1, cells, list_type=list_type, today=TODAY)
        assert isinstance(entry, ListEntry | Rejection)
    assert isinstance(read_company_register_row(1, cells, today=TODAY), CompanyRegisterEntry | Rejection)


@EACH
@given(st.lists(JSON, max_size=4), st.sampled_from(["array", "lines", "within", "cut", "twice"]), st.data())
def test_json_of_any_shape_is_read_or_refused(values: list[Any], shape: str, data: st.DataObject) -> None:
    texts = [json.dumps(value) for value in [{"uscc": uscc(1), "evicted_on": "2021-07-01"}, *values]]
    whole = {
        "array": "[" + ",".join(texts) + "]",
        "lines": "\n".join(texts),
        "within": '{"x":1,"rows":[' + ",\n".join(texts) + "]}",
        "twice": "[" + ",".join(texts) + "]" + "".join(texts),
        "cut": "[" + ",".join(texts),
    }[shape]
    if shape == "cut":
        whole = whole[: data.draw(st.integers(0, len(whole)))]
    _read(whole.encode("utf-8", "surrogatepass"))


@EACH
@given(st.data())
def test_a_workbook_with_damaged_parts_is_read_or_refused(data: st.DataObject) -> None:
    parts = dict(good_parts())
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(sorted(parts)))
        parts[name] = data.draw(damaged(parts[name]))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            if content is not None:
                archive.writestr(name, content)
    _read(file.getvalue())


@EACH
@given(st.data())
def test_an_answer_that_says_anything_is_read_or_refused(data: st.DataObject) -> None:
    claims: dict[str, Any] = {**answer_claims(), "licence": licence(data.draw(changed(LICENCE_CLAIMS)))}
    claims |= data.draw(changed(tuple(claims)))
    whole: Any = (
        data.draw(st.sampled_from([claims, [claims], "x", None, {"aud": claims}])) if len(claims) % 5 == 0 else claims
    )
    text = signed(holder(), wallet_presentation.PRESENTATION, whole, data.draw(changed(("x5c", "typ", "kid", "crit"))))
    for read in (wallet_presentation.read_presentation, wallet_presentation.read_statement):
        for sent in (text, data.draw(st.sampled_from(ODD)) + text, text.replace(".", "..", 1)):
            try:
                presented = read(sent, check(NOW), trusted(), NOW)
            except (Untrusted, NoRevocationList):
                continue
            assert isinstance(presented, wallet_presentation.Presented)


LICENCE_CLAIMS = (*wallet_presentation.FIELDS, "annotations", "nbf", "exp", "cnf")


def changed(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Any values under some of these names."""
    return st.dictionaries(st.sampled_from(names), JSON | st.integers(-(10**20), 10**20), max_size=2)


def damaged(part: bytes | None) -> st.SearchStrategy[bytes | None]:
    """What may become of a part of a workbook: gone, cut, with a piece of it in the place of another, odd numbers."""
    if part is None:
        return st.none()
    at = st.integers(0, len(part))
    pieces = (
        b"",
        b"\0",
        b"\xff",
        b"<",
        b"&#0;",
        b"&x;",
        b"]]>",
        b'r="ZZ0"',
        b'r="A0"',
        b't="s"',
        b"<v>99999</v>",
        b'count="-1"',
    )
    cut = st.builds(lambda first, piece, last: part[:first] + piece + part[last:], at, st.sampled_from(pieces), at)
    numbers = st.builds(
        part.replace,
        st.sampled_from([b'"1"', b"<v>1", b"0"]),
        st.sampled_from([b'"-1"', b"<v>9e999", b"99999999999"]),
    )
    return st.none() | cut | cut | numbers | st.binary(max_size=40)


@cache
def good_parts() -> tuple[tuple[str, bytes | None], ...]:
    """The parts of a workbook in order."""
    content = workbook({"清退": [HEADER, *(row(n) for n in range(1, 4))]}, merged=["A3:B3"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return tuple((name, archive.read(name)) for name in archive.namelist())


def answer_claims() -> dict[str, Any]:
    asked = check(NOW)
    return {"aud": asked.audience, "nonce": asked.nonce, "session": asked.session, "iat": int(NOW.timestamp())}


def licence(changes: dict[str, Any]) -> str:
    """A licence under the issuer's signature that says something else in some places."""
    _head, body, _signature = good_licence().split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    return signed(office().issuer, wallet_presentation.LICENCE, {**claims, **changes}, {})


@cache
def trusted() -> Trust:
    return trust(NOW)


@cache
def good_licence() -> str:
    return office().licence(LICENCE, holder(), NOW)


def signed(owner: Any, kind: str, claims: Any, header: dict[str, Any]) -> str:
    """A JWS as the owner would make it of these claims; where its header cannot be made, without what is odd in it."""
    own = {"typ": kind, "x5c": [base64.b64encode(der).decode() for der in owner.chain]}
    body = json.dumps(claims).encode()
    try:
        return PyJWS().encode(body, owner.key, "EdDSA", headers={**own, **header})
    except Exception:
        return PyJWS().encode(body, owner.key, "EdDSA", headers=own)


def _read(content: bytes) -> None:
    refusal = None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        try:
            for record in read_table_file(path, "file", read_workbook=read_workbook):
                taken = validate_row(record.number, record.cells, today=TODAY, digest=shown, headers=record.headers)
                assert isinstance(taken, Eviction | Rejection)
        except FileRefused as error:
            refusal = error
    # A reader that falls over is a refusal, too, but none that it declares.
    assert refusal is None or isinstance(refusal.__cause__, FileRefused), repr(refusal.__cause__)
