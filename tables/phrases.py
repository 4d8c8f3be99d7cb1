"""Build chalicelib/matching/tables/phrase_readings.py: how characters of several readings are read in a phrase.

Source: pypinyin 0.55.0 (MIT), asked for every division and every word of trades of the project's own tables, and for
the words below. Run after tables/characters.py, tables/regions.py and tables/trades.py.

    pip install -r requirements-tables.txt
    python tables/phrases.py
"""

from pathlib import Path

from pypinyin import lazy_pinyin

from chalicelib.matching import find_region
from chalicelib.matching.tables.simplified_and_readings import READINGS
from chalicelib.matching.tables.trade_words import TRADES

TARGET = Path(__file__).parent.parent / "chalicelib/matching/tables/phrase_readings.py"
# The reading that these have in most business names, where a dictionary's first reading is another.
USUAL = "厦xia 佛fo 都du 藏zang 长chang 行xing 会hui 调diao 蚌beng 模mo 什shen 参can 牟mu 槟bing 漯luo 枞zong 坻di 泌mi"
# Second readings that a writer may use all the same.
OTHERS = (
    "厦sha 佛fu 都dou 藏cang 长zhang 行hang 会kuai 调tiao 模mu 乐yue 重chong 畜xu "
    "朝chao 六lu 参shen 番pan 柏bo 蚌bang 堡bu"
)
MISREAD = {"佛冈", "佛坪"}  # by the dictionary
FORMS = """
商行 支行 分行 银行 行业 总会 商会 会计 空调 调味 调味品 参茸 人参 海参 快乐 音乐 乐器 声乐 乐团 长城 长江 长征
增长 成长 家长 重工 重型 重庆 首都 都市 成都 西藏 收藏 厦门 大厦 广厦 模具 模型 规模 什邡 六安 六合 朝阳 今朝
畜牧 畜禽 家畜 会展
"""


def main() -> None:
    """Write the table."""
    syllables = {}
    for line in READINGS.splitlines():
        syllable, _, chars = line.partition(" ")
        syllables.update(dict.fromkeys(chars, syllable))
    syllables.update((pair[0], pair[1:]) for pair in USUAL.split())
    phrases = {}
    for phrase in {*find_region.every(), *TRADES.split(), *FORMS.split()}:
        reading = lazy_pinyin(phrase, v_to_u=False)
        if len(reading) == len(phrase) and phrase not in MISREAD and [syllables.get(c, c) for c in phrase] != reading:
            phrases[phrase] = reading
    kept = {}
    for phrase in sorted(phrases, key=lambda p: (len(p), p)):  # a longer one only where it says more than a shorter
        reading = [syllables.get(c, c) for c in phrase]
        for at in range(len(phrase)):
            match = max((p for p in kept if phrase.startswith(p, at)), key=len, default="")
            reading[at : at + len(match)] = kept.get(match, [])
        if reading != phrases[phrase]:
            kept[phrase] = phrases[phrase]
    lines = [
        f"{p} {' '.join(r)}" for p, r in sorted(kept.items(), key=lambda item: (item[0][0], -len(item[0]), item[0]))
    ]
    TARGET.write_text(
        '"""Readings of phrases: made by tables/phrases.py, not by hand. Source: pypinyin 0.55.0 (MIT)."""\n\n'
        f'USUAL_READINGS = "{USUAL}"\nOTHER_READINGS = "{OTHERS}"\n'
        f'# A line: the phrase, then the reading of each character.\nPHRASES = """\\\n' + "\n".join(lines) + '"""\n',
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
