"""Plots: what is drawn is what the numbers say, and the numbers stand beneath as a table."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.handlers.console.plots import bars, lines, svg, tiles
from chalicelib.handlers.console.plots.bars import Bar
from chalicelib.handlers.console.plots.lines import Dot, Line

HOSTILE = '<script>alert(1)</script>" onload="x'
NUMBERS = st.lists(st.integers(0, 10**7), min_size=1, max_size=12)


def parsed(picture: object) -> ElementTree.Element:
    return ElementTree.fromstring(str(picture))


def rectangles(picture: object, kind: str) -> list[ElementTree.Element]:
    return [each for each in parsed(picture).iter("rect") if each.get("class") == kind]


@given(NUMBERS)
def test_lying_bars_are_as_long_as_their_numbers(values: list[int]) -> None:
    figure = bars.lying("谁?", [Bar(f"平台{place}", [value]) for place, value in enumerate(values)], ["未处理"], "平台")
    drawn = [float(each.get("width") or 0) for each in rectangles(figure.svg, "a")]
    longest = max(values)
    for value, width in zip(values, drawn, strict=True):
        assert width == pytest.approx(max(drawn) * value / longest if longest else 0, abs=0.1)
    assert [line[1] for line in figure.lines] == [f"{value:,}" for value in values]


@given(NUMBERS)
def test_standing_bars_begin_at_zero_and_stay_inside(values: list[int]) -> None:
    figure = bars.standing("几月?", [Bar(str(place), [value]) for place, value in enumerate(values)], ["报送"], "月份")
    for each in rectangles(figure.svg, "a"):
        top, height = float(each.get("y") or 0), float(each.get("height") or 0)
        assert top >= 0
        assert top + height == pytest.approx(190, abs=0.2)


@given(st.integers(0, 10**9))
def test_an_axis_reaches_the_largest_value_in_few_round_steps(most: int) -> None:
    marks = svg.ticks(most)
    assert marks[0] == 0
    assert marks[-1] >= most
    assert 2 <= len(marks) <= 6


def test_a_line_ends_with_its_last_value_and_a_gap_is_no_zero() -> None:
    figure = lines.over_time(
        "多少?", ["1月", "2月", "3月"], [Line("报送", [4, None, 9]), Line("撤回", [1, 1, 1])], "月份"
    )
    assert "报送 9" in str(figure.svg)
    first = next(each for each in parsed(figure.svg).iter("polyline"))
    assert len((first.get("points") or "").split()) == 2
    assert figure.lines[1] == ("2月", "", "1")


def test_labels_at_the_ends_of_lines_do_not_cover_each_other() -> None:
    same = [Line(name, [5, 5]) for name in "甲乙丙丁"]
    figure = lines.over_time("多少?", ["1", "2"], same, "日")
    heights = sorted(float(y) for y in re.findall(r'y="([\d.]+)" text-anchor="start">[甲乙丙丁]', str(figure.svg)))
    assert len(heights) == 4
    assert all(below - above >= 13.9 for above, below in pairwise(heights))


def test_a_scatter_names_dots_that_lie_apart_and_lists_all() -> None:
    dots = [Dot("甲", 10, 10), Dot("乙", 10, 10), Dot("丙", 900, 400)]
    figure = lines.scatter("谁只查不报?", dots, ("查询", "报送"), "平台")
    assert len(list(parsed(figure.svg).iter("circle"))) == 3
    assert str(figure.svg).count(">甲<") == 1
    assert [line[0] for line in figure.lines] == ["甲", "乙", "丙"]


def test_a_dot_with_nothing_upwards_stands_out_and_is_named_first() -> None:
    dots = [Dot("只问", 600, 0), Dot("近旁", 598, 2), Dot("远处", 10, 90)]
    figure = lines.scatter("谁只查不报?", dots, ("查询", "报送"), "平台")
    kinds = {
        each.findtext("title", "").partition(":")[0]: each.get("class") for each in parsed(figure.svg).iter("circle")
    }
    assert kinds == {"只问": "a", "近旁": "b", "远处": "b"}
    assert [name for name in ("只问", "近旁", "远处") if f">{name}<" in str(figure.svg)] == ["只问", "远处"]


def test_a_bar_of_several_parts_ends_with_the_first_and_the_whole() -> None:
    figure = bars.lying("谁?", [Bar("甲", [3, 4, 5])], ["未按期", "按期", "其他"], "平台")
    assert ">3 / 12<" in str(figure.svg)


def test_the_legend_of_the_tiles_names_every_number_once() -> None:
    figure = tiles.provinces("哪里?", {"33": 130, "11": 10}, ("省份", "报送"), english=False)
    assert re.findall(r">(\d+–\d+)<", str(figure.svg)) == ["1–32", "33–64", "65–97", "98–130"]


def test_each_province_has_a_tile_of_its_own() -> None:
    places = [(column, row) for _zh, _en, column, row in tiles.TILES.values()]
    assert len(tiles.TILES) == 34
    assert len(set(places)) == 34
    figure = tiles.provinces("哪里?", {"33": 40, "11": 10}, ("省份", "报送"), english=False)
    assert figure.lines[0] == ("浙", "40")
    darkest = [each.findtext("title") for each in rectangles(figure.svg, "s4")]
    assert [title for title in darkest if title] == ["浙: 40"]


@pytest.mark.parametrize(
    "figure",
    [
        bars.lying(HOSTILE, [Bar(HOSTILE, [1, 2])], [HOSTILE, "b"], "x"),
        bars.standing(HOSTILE, [Bar(HOSTILE, [1])], [HOSTILE], "x"),
        bars.distribution(HOSTILE, [Bar("1", [3]), Bar("2", [1])], [(0.5, HOSTILE)], ("天", "件")),
        lines.over_time(HOSTILE, [HOSTILE], [Line(HOSTILE, [1])], "x"),
        lines.scatter(HOSTILE, [Dot(HOSTILE, 1, 1)], (HOSTILE, HOSTILE), "x"),
    ],
)
def test_words_cannot_become_markup(figure: svg.Figure) -> None:
    assert "<script" not in str(figure.svg)
    assert not [each for each in parsed(figure.svg).iter() if "onload" in each.attrib]


def test_nothing_to_show_is_drawn_as_well() -> None:
    assert parsed(bars.lying("?", [], ["a"], "x").svg).tag == "svg"
    assert parsed(bars.standing("?", [], ["a"], "x").svg).tag == "svg"
    assert parsed(lines.over_time("?", [], [], "x").svg).tag == "svg"
    assert parsed(lines.scatter("?", [], ("a", "b"), "x").svg).tag == "svg"
    assert "spark" in str(lines.sparkline([], "无"))
