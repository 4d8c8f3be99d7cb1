"""Values that nobody expects, and the places of a request in which they may stand."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any
from urllib.parse import quote

from tests.fuzz.served import IS_WIDE

# As they stand in JSON.
IN_JSON = (
    *(
        '"\\u0000"',
        '"a\\u0000b"',
        '"\\ud800"',
        '"\\udfff杭州"',
        '"\\uffff"',
        '"\\u202e示例"',
        '"\\u0085\\u2028"',
        '"\\n\\r\\t"',
    ),
    *('"' + "a" * 400 + '"', '"' + "示" * 20_000 + '"', '"' + " " * 3_000 + 'x"', '"' + "1" * 5_000 + '"', '"\\ufffd"'),
    *("1" * 5_000, "-" + "9" * 4_400, "1e999", "-1e999", "NaN", "Infinity", "1" + "0" * 30, "-1", "0", "1.5", "true"),
    *('""', "null", "[]", "{}", "[[[[[]]]]]", "[" * 3_000 + "]" * 3_000, '{"a":' * 2_000 + "1" + "}" * 2_000),
    *(
        '{"":0,"":1}',
        '"' + "a\\u0301" * 200 + '"',
        '"𠀀𝟎"',
        '"١٢٣"',
        '"=1+1"',
        '"../../x"',
        '"<script>"',
        '"2026-13-45"',
    ),
)
# As they stand in a path or a query.
IN_URL = (
    *(
        "%00",
        "%01%02",
        "a%00b",
        "%0d%0aX:y",
        "%ED%A0%80",
        "%FF",
        "%C0%80",
        "%EF%BF%BF",
        "%EF%BF%BD",
        "%E2%80%AE",
        "%2f",
        "%20",
    ),
    *(
        "%25",
        "%",
        "%zz",
        "..%2f..%2f",
        ".",
        "..",
        "-1",
        "0",
        "1e3",
        "1.0",
        "%D9%A1",
        "999999999999",
        "9" * 30,
        "1" * 5_000,
    ),
    *(
        "a" * 1_025,
        "a" * 3_000,
        quote("示" * 400),
        "%3Cscript%3E",
        "null",
        "[]",
        "2026-02-30",
        "0" * 26,
        "a%23b",
        "a%3Fb",
        "a;b",
        "+",
    ),
)
# As they stand in a header; the server of WSGI passes bytes on as Latin-1.
IN_HEADER = (
    *("\x00", "a\x01b", "\x7f", "a" * 5_000, "1" * 5_000, "%00", "%ED%A0%80", "%FF", "%0d%0aX: y", "%", "%EF%BF%BF"),
    *(
        "示例".encode().decode("latin-1"),
        "\xff\xfe",
        " ",
        ",",
        '"',
        "..%2f..%2fx",
        quote("\u202egpj.csv"),
        "-1",
        "null",
        "١",
    ),
)
ODD_BODIES = (
    b"\xff",
    b"\xef\xbb\xbf{}",
    b"\x00",
    b"{",
    b'{"a":1,"a":2}',
    b"[" * 50_000,
    "{}".encode("utf-16"),
    b"\x1f\x8b\x08",
    b"a=%00&b=%ff",
)
_COUNT = count()


def some(values: tuple[Any, ...], most: int) -> Iterator[Any]:
    """A few of the values, others at each call; all in the wide form."""
    if IS_WIDE:
        yield from values
        return
    for _ in range(most):
        yield values[next(_COUNT) % len(values)]


def names_in(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def places(value: Any, before: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Each place of a body, and one that does not belong there."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield (*before, name)
            yield from places(part, (*before, name))
        yield (*before, "extra")
    elif isinstance(value, list):
        for index, part in enumerate(value[:2]):
            yield (*before, index)
            yield from places(part, (*before, index))


def with_value(whole: Any, place: tuple[str | int, ...], value: str) -> bytes:
    """The body with a value, as JSON text, in that place."""
    mark = "«here»"

    def put(part: Any, rest: tuple[str | int, ...]) -> Any:
        if not rest:
            return mark
        if isinstance(part, list):
            return [put(each, rest[1:]) if index == rest[0] else each for index, each in enumerate(part)]
        return {**part, rest[0]: put(part.get(rest[0]), rest[1:])}

    return json.dumps(put(whole, place), ensure_ascii=False).replace(f'"{mark}"', value).encode()
