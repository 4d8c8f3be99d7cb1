import doctest
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.values import dates
from chalicelib.values.dates import OPEN_END, from_serial, is_null, read_day, read_day_and_precision

SPELLINGS = [
    "{y}-{m:02d}-{d:02d}", "{y}-{m}-{d}", "{y}/{m}/{d}", "{y}.{m}.{d}", "{y}{m:02d}{d:02d}", "{y}年{m}月{d}日",
    "{y}年{m:02d}月{d:02d}日", "{y}年{m}月{d}号", "{y} 年 {m} 月 {d} 日", "{y}-{m}-{d} 11:34:43", "{y}/{m}/{d} 9:05",
    "{y}-{m:02d}-{d:02d} 11:34:43.0", "{y}-{m:02d}-{d:02d}T11:34:43", "{y}-{m:02d}-{d:02d}T11:34:43+08:00",
    "{y}-{m:02d}-{d:02d}T01:34:43Z", "{y}-{m}-{d}（星期一）", "{y}年{m}月{d}日 星期一", "{y}年{m}月{d}日上午9时5分",
    "'{y}-{m}-{d}", "\u3000{y}-{m}-{d}\t", "{y}{m:02d}{d:02d}113443", "{y}—{m}—{d}",
]  # fmt: skip
EVERY_DAY = st.dates(date(1970, 1, 2), date(2119, 1, 1))


def test_the_module_does_what_its_docstring_says() -> None:
    assert doctest.testmod(dates).failed == 0


@given(EVERY_DAY, st.sampled_from(SPELLINGS), st.booleans())
def test_every_spelling_of_every_day(day: date, spelling: str, wide: bool) -> None:
    text = spelling.format(y=day.year, m=day.month, d=day.day)
    if wide:
        text = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert read_day_and_precision(text) == (day.isoformat(), True)


@given(EVERY_DAY)
def test_numbers_that_are_days(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    midday = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    assert from_serial(serial) == day.isoformat()
    assert read_day(str(serial)) == read_day(f"{serial}.75") == day.isoformat()
    if len(str(int(midday.timestamp()))) == 10:
        assert read_day(str(int(midday.timestamp()))) == day.isoformat()
        assert read_day(str(int(midday.timestamp() * 1000))) == day.isoformat()
    if day.year > 2010:
        assert read_day(f"民国{day.year - 1911}年{day.month}月{day.day}日") == day.isoformat()
        assert read_day(f"{day.year - 1911}/{day.month:02d}/{day.day:02d}") == day.isoformat()


def _tens(n: int) -> str:
    ten = "" if n < 10 else ("" if n < 20 else "一二三"[n // 10 - 1]) + "十"
    return ten + ("一二三四五六七八九"[n % 10 - 1] if n % 10 else "")


@given(EVERY_DAY)
def test_days_in_hanzi(day: date) -> None:
    for zero in "〇○零":
        year = "".join((zero + "一二三四五六七八九")[int(c)] for c in str(day.year))
        assert read_day(f"{year}年{_tens(day.month)}月{_tens(day.day)}日") == day.isoformat()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021-03-01T16:30:00Z", "2021-03-02"),
        ("2021-03-01T15:59:00+00:00", "2021-03-01"),
        ("2021-03-01 23:30 -0500", "2021-03-02"),
        ("01-Mar-2021", "2021-03-01"),
        ("Mar 1, 2021", "2021-03-01"),
        ("Mon Mar 01 2021", "2021-03-01"),
        ("25/12/2021", "2021-12-25"),
        ("12/25/2021", "2021-12-25"),
        ("1100301", "2021-03-01"),
        ("二〇二一年元月一日", "2021-01-01"),
    ],
)
def test_other_spellings(text: str, day: str) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "Tue Nov 24 00:00:00 CST 2026",
        "Tue Nov 24 00:00:00 GMT+08:00 2026",
        "Mon Nov 23 16:00:00 UTC 2026",
        "Tue Nov 24 00:00:00 2026",
        "Tue Nov 24 2026 00:00:00 GMT+0800 (中国标准时间)",
        "Tue Nov 24 2026 00:00:00 GMT+0800 (China Standard Time)",
        "Mon Nov 23 2026 16:00:00 GMT+0000 (Coordinated Universal Time)",
        "2026-11-24 00:00:00 +0800 CST",
        "2026-11-24 00:00:00.123 +0800 CST m=+0.0001",
        "2026-11-24T00:00:00+08:00[Asia/Shanghai]",
        "2026-11-24T00:00+08:00[Asia/Shanghai]",
        "2026-11-23T16:00Z[UTC]",
        "2026.11.24.",
        "2026年11月24日。",
        "二〇二六年十一月廿四日",
        "24-Nov-26",
        "24-11月-26",
        "24-11月-2026",
        "/Date(1795449600000)/",
        "/Date(1795449600000+0800)/",
        "Tue, 24 Nov 2026 00:00:00 +0800",
    ],
)
def test_days_as_programs_print_them(text: str) -> None:
    assert read_day_and_precision(text) == ("2026-11-24", True)


@pytest.mark.parametrize(
    ("text", "day"), [("卅日", "30"), ("卅一日", "31"), ("廿日", "20"), ("廿九日", "29"), ("三十日", "30")]
)
def test_twenty_and_thirty_in_one_character(text: str, day: str) -> None:
    assert read_day(f"二〇二六年十月{text}") == f"2026-10-{day}"


@pytest.mark.parametrize("text", ["2026.1", "2026 . 1", "２０２６．１"])
def test_a_month_that_may_be_the_tenth_is_none(text: str) -> None:
    """As a number 2026.10 is 2026.1."""
    with pytest.raises(ValueError, match=r"2026\.10"):
        read_day(text)
    assert read_day_and_precision("2026.10") == ("2026-10-01", False)


@pytest.mark.parametrize(
    "text", ["Tue Nov 24 00:00:00 PST 2026", "24-Nov-265", "24-13月-26", "9" * 10_000, "(" * 10_000]
)
def test_what_is_near_to_a_printed_day_is_none(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (date() has its own words)
        read_day(text)


@pytest.mark.parametrize("text", ["2021年03月", "2021年3月", "2021-03", "2021.3", "202103", "2021/03"])
def test_a_month_is_its_first_day_and_says_so(text: str) -> None:
    assert read_day_and_precision(text) == ("2021-03-01", False)


@pytest.mark.parametrize(
    "text",
    ["9999-9-9", "9999-09-09", "9999-12-31", "长期", "永久", "2999-12-31", "29991231", "9999年12月31日", "长期有效"],
)
def test_no_end(text: str) -> None:
    assert read_day(text) == OPEN_END


@pytest.mark.parametrize(
    "text",
    ["", "  ", "N/A", "NULL", "null", "None", "-", "--", "/", "无", "暂无", "未公示", "\\N", "\\n", "0000-00-00",
     "1900-01-01",
     "1900-1-1", "0000-00-00 00:00:00", "－－", "#N/A", "0"],
)  # fmt: skip
def test_nulls(text: str) -> None:
    assert read_day(text) == ""


@pytest.mark.parametrize(
    "text",
    ["2021-02-30", "2021-13-01", "2021-00-10", "2021-4-31", "20210230", "yesterday", "3/4/2021", "21-3-1", "99", "2021",
     "2021-03-01至2021-04-01", "0021-03-01", "1899-05-05", "五月", "2021年",
     "2021-3-1 25:00:00", "123456", "13:45", "二〇二一年十三月一日"],
)  # fmt: skip
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (date() has its own words)
        read_day(text)


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_a_value_error(text: str) -> None:
    try:
        day = read_day(text)
    except ValueError:
        return
    assert day == "" or date.fromisoformat(day)

    assert is_null(" 无 ")
    assert not is_null("无锡")
