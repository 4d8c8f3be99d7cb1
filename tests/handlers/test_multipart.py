"""Forms with files: what browsers send, and what no browser sends."""

import pytest

from chalicelib import errors
from chalicelib.handlers.pages.multipart import MOST_BYTES, SentFile, is_multipart, read_parts

TYPE = "multipart/form-data; boundary=----edge"


def form(*parts: bytes, end: bytes = b"------edge--\r\n") -> bytes:
    return b"".join(b"------edge\r\n" + part + b"\r\n" for part in parts) + end


def field(name: str, value: str) -> bytes:
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()


def file(name: str, content: bytes) -> bytes:
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
    return head.encode() + content


def test_fields_and_files_keep_every_byte() -> None:
    content = bytes(range(256)) + b"\r\n--\r\n----edg\r\n\r\n"
    parts = read_parts(
        TYPE, form(field("key", "值"), field("row", "1"), field("row", "2"), file("名单.csv", content)), 9
    )
    assert parts.fields == {"key": ["值"], "row": ["1", "2"]}
    assert parts.files == {"file": SentFile("名单.csv", content)}


def test_a_file_field_that_was_left_empty_is_no_file() -> None:
    assert read_parts(TYPE, form(file("", b"")), 9).files == {}


def test_quotes_and_line_ends_in_a_name_are_those_that_browsers_write() -> None:
    assert read_parts(TYPE, form(file("a%22b%0D%0Ac.csv", b"x")), 9).files["file"].name == 'a"bc.csv'


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", form(field("a", "b"))),
        ("multipart/form-data; boundary=", form(field("a", "b"))),
        (f"multipart/form-data; boundary={'x' * 71}", form(field("a", "b"))),
        ("multipart/form-data; boundary=other", form(field("a", "b"))),
        (TYPE, b""),
        (TYPE, form(field("a", "b"), end=b"")),
        (TYPE, form(b"no head")),
        (TYPE, form(b"Content-Type: text/plain\r\n\r\nx")),
        (TYPE, form(b"Content-Disposition: form-data\r\n\r\nx")),
        (TYPE, form(b"X-Long: " + b"x" * 3_000 + b"\r\n\r\nx")),
        (TYPE, form(*[field("a", "b")] * 10)),
    ],
)
def test_what_is_no_such_form_is_refused(content_type: str, body: bytes) -> None:
    with pytest.raises(errors.BadRequest):
        read_parts(content_type, body, 9)


def test_a_form_of_a_million_parts_is_refused_before_they_are_read() -> None:
    with pytest.raises(errors.BadRequest):
        read_parts(TYPE, b"------edge\r\n" * 300_000, 9)
    with pytest.raises(errors.TooLarge):
        read_parts(TYPE, b"x" * (MOST_BYTES + 1), 9)


def test_types_are_told_apart_by_their_name_alone() -> None:
    assert is_multipart("Multipart/Form-Data; boundary=x")
    assert not is_multipart("application/x-www-form-urlencoded")
