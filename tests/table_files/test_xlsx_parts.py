"""Comments of a part are left out before it is parsed, however it is cut into pieces."""

import re

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.table_files.workbooks.xlsx_parts import without_comments

PIECES = st.lists(
    st.sampled_from(
        [b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<row>", b"-", b">", b"<", b"!", b"]", b" hidden ", b"x" * 50]
    ),
    max_size=30,
)


def expected(text: bytes) -> bytes:
    """The text without comments, by one pattern over all of it; an unfinished comment takes what follows it along."""
    return re.sub(
        rb"(<!\[CDATA\[.*?(?:\]\]>|\Z))|<!--.*?(?:-->|\Z)", lambda match: match[1] or b"", text, flags=re.DOTALL
    )


@given(PIECES, st.integers(1, 12))
def test_what_is_no_comment_stays(pieces: list[bytes], size: int) -> None:
    text = b"".join(pieces)
    chunks = iter([text[at : at + size] for at in range(0, len(text), size)])
    assert b"".join(without_comments(chunks)) == expected(text)


def test_pieces_are_never_tiny_but_for_the_last() -> None:
    chunks = [b"<a>" + b"<!--" + b" " * 10_000] + [b" " * 10_000] * 20 + [b"-->", b"<b>" * 3_000, b"</b>"]
    pieces = list(without_comments(iter(chunks)))
    assert b"".join(pieces) == b"<a>" + b"<b>" * 3_000 + b"</b>"
    assert all(len(piece) >= 4_096 for piece in pieces[:-1])
