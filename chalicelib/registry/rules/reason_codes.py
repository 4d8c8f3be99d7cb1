"""Why merchants are evicted or listed: the codes, how grave each is, and free text read into codes.

Severity 1 informs only, 2 is shared as an alert, 3 is shared and may block. The law changes, so each row carries the
days on which it holds; a code is stable for ever.

>>> read_reasons("销售假冒注册商标商品")
('IP01',)
>>> read_reasons("售假、刷单炒信"), read_reasons("店铺装修不美观"), severity("GX10")
(('QC01', 'AD04'), ('ZZ99',), 1)
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from chalicelib.registry.rules.reason_synonyms import WORDS

UNKNOWN = "ZZ99"


@dataclass(frozen=True, slots=True)
class Reason:
    """One row of the table: code, what it says in zh and en, severity 1 to 3, legal basis, days of validity."""

    code: str
    zh: str
    en: str
    severity: int
    basis: str
    valid_from: str = ""
    valid_to: str = ""


_ORDER44 = "2021-09-01"
_TABLE = (
    Reason("PR01", "哄抬价格", "price gouging", 3, "价格法14(3); 市场监管总局令第44号9"),
    Reason("PR02", "价格欺诈", "price fraud", 2, "价格法14(4); 明码标价和禁止价格欺诈规定"),
    Reason("PR03", "不执行价格干预/价格串通", "defying price measures or collusion", 3,
           "价格法14,30; 令44 9"),
    Reason("AD01", "虚假或引人误解的商业宣传", "false or misleading promotion", 2,
           "反不正当竞争法8(2019); 电子商务法17"),
    Reason("AD02", "虚假广告", "false advertising", 2, "广告法28,55"),
    Reason("AD03", "涉生命健康虚假广告", "false health advertising", 3, "广告法; 令44 9"),
    Reason("AD04", "刷单炒信/编造评价", "fake trades or reviews in the own shop", 2,
           "反不正当竞争法8,20; 电子商务法17"),
    Reason("AD05", "组织虚假交易", "organising fake trades", 3, "令44 9"),
    Reason("QC01", "掺杂掺假/以假充真/不合格冒充合格", "adulterated or counterfeit goods", 3,
           "产品质量法39,50; 令44 7"),
    Reason("QC02", "不符合人身财产安全标准", "unsafe goods", 3, "产品质量法13,49; 电子商务法13"),
    Reason("QC03", "伪造产地/冒用厂名厂址/质量标志", "false origin, maker or mark", 2, "产品质量法53"),
    Reason("QC04", "失效变质/三无产品", "expired or unlabelled goods", 2, "产品质量法35,27,52"),
    Reason("QC05", "未经强制认证/冒用认证", "missing or forged compulsory certification", 3,
           "认证认可条例; 令44 7"),
    Reason("QC06", "拒不召回", "refusing recall", 3, "令44 8"),
    Reason("IP01", "商标侵权/假冒注册商标", "trademark infringement", 3, "商标法57,60; 令44 9"),
    Reason("IP02", "假冒专利", "patent passing-off", 2, "专利法68"),
    Reason("IP03", "著作权侵权/盗版", "copyright piracy", 2, "著作权法53"),
    Reason("IP04", "混淆/傍名牌", "passing off", 2, "反不正当竞争法6"),
    Reason("FD01", "无证生产经营食品", "unlicensed food business", 3, "食品安全法35,122; 令44 5"),
    Reason("FD02", "经营禁止或不安全食品", "prohibited or unsafe food", 3, "食品安全法34,123-124"),
    Reason("FD03", "标签/保质期违法", "food label or shelf-life breach", 2, "食品安全法67-72,125"),
    Reason("FD04", "保健食品虚假宣传", "health-food claims", 3, "食品安全法73,140"),
    Reason("DR01", "无证经营/假劣药", "unlicensed, fake or inferior drugs", 3,
           "药品管理法98,115-117; 令44 6"),
    Reason("DR02", "医疗器械违法", "medical-device breach, masks included", 3, "医疗器械监督管理条例"),
    Reason("DR03", "化妆品违法", "cosmetics breach", 3, "化妆品监督管理条例59-60"),
    Reason("LC01", "无照经营", "trading unregistered", 2, "电子商务法10; 市场主体登记管理条例43"),
    Reason("LC02", "未取得许可经营", "trading without permit", 3, "电子商务法12,75; 令44 10"),
    Reason("LC03", "伪造/冒用/租借执照, 虚假材料入驻", "forged, borrowed or stolen licence", 3,
           "登记管理条例37,40; 令44 10"),
    Reason("LC04", "未亮照/信息未更新", "licence not displayed", 1, "电子商务法15,76"),
    Reason("LC05", "拒绝核验/失联", "refuses re-verification or unreachable", 2, "电子商务法27; 令37 24"),
    Reason("PB01", "销售禁止交易商品", "prohibited goods", 3, "电子商务法13,75"),
    Reason("CS01", "欺诈消费者", "consumer fraud", 2, "侵害消费者权益行为处罚办法5,6,16"),
    Reason("CS02", "收款不发货/卷款失联", "takes payment and disappears", 3, "令44 8"),
    Reason("CS03", "侵害个人信息", "personal-data abuse", 2, "个人信息保护法66; 令44 8"),
    Reason("FR01", "涉嫌诈骗/传销", "fraud or pyramid selling", 3, "令44 9; 禁止传销条例"),
    Reason("OB01", "拒绝阻碍检查/拒不执行处罚", "obstruction or non-compliance", 3, "令44 10-11"),
    Reason("EV01", "清退后换壳再入驻", "re-entry through another entity", 3, "平台规则(须有关联证据)"),
    Reason("ZZ99", "其他(须说明)", "other, explained in text", 1, "-"),
    Reason("GX01", "列异: 未按期公示年度报告", "abnormal list: annual report missing", 1,
           "企业信息公示暂行条例8"),
    Reason("GX02", "列异: 未在责令期限内公示即时信息", "abnormal list: information not published", 1,
           "条例10"),
    Reason("GX03", "列异: 公示信息隐瞒真实情况、弄虚作假", "abnormal list: false information", 1,
           "暂行办法4(3)"),
    Reason("GX04", "列异: 通过登记的住所无法联系", "abnormal list: unreachable", 1, "暂行办法4(4)"),
    Reason("GX10", "列严-历史: 列异满3年", "serious list, legacy: three years abnormal", 1,
           "2021-09 以前", "", _ORDER44),
    Reason("GX11", "列严-现行", "serious list, Order 44", 3, "令44", _ORDER44),
)  # fmt: skip
REASONS: dict[str, Reason] = {reason.code: reason for reason in _TABLE}

_COMPILED = tuple((code, re.compile(words)) for code, words in WORDS.items())
_CODES = re.compile("(?<![A-Z0-9])(?:" + "|".join(REASONS) + ")(?![A-Z0-9])")
# What says that nothing of the kind was found: 未发现售假.
_DENIED = re.compile("(?:未发现|不涉及|并非|排除|未查实|不属于)[^,;。、]{0,12}")
_MOST_CODES = 6
_NO_CODE = re.compile(r"[^A-Z0-9]")
_SLIPS, _MOST_NEAREST, _MOST_TEXTS = 1, 3, 20
# A code as people write it: pr-01, PR 01; and what looks like one, with letters for digits: PR1, QCO1, PR99.
_WRITTEN = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{2})[-_. ‐‑–—]?([0-9]{2})(?![A-Za-z0-9])")
_SHAPE = re.compile(r"(?=[A-Za-z]{0,4}[-_.‐‑–—]?[OoIl]{0,3}[0-9])[A-Za-z]{1,4}[-_.‐‑–—]?[0-9OoIl]{1,3}")
_BETWEEN = re.compile(r"[\s,;、/|。]+")


@lru_cache(maxsize=65536)
def read_reasons(text: str) -> tuple[str, ...]:
    """The codes of a reason in free text, in the order in which the text names them; ZZ99 if none is known."""
    plain = _as_codes(text)
    codes = tuple(dict.fromkeys(_CODES.findall(plain.upper())))
    if codes:
        return codes[:_MOST_CODES]
    plain = re.sub(r"\s+", "", plain)
    plain = _DENIED.sub("", plain.lower())
    named: list[tuple[int, str]] = []
    for code, pattern in _COMPILED:
        if first := pattern.search(plain):
            named.append((first.start(), code))
            # The same length, so that the places of the others stay.
            plain = pattern.sub(lambda match: "\0" * len(match[0]), plain)
    named.sort()
    return tuple(dict.fromkeys(code for _place, code in named))[:_MOST_CODES] or (UNKNOWN,)


@lru_cache(maxsize=4096)
def mistyped_codes(text: str, *, is_column_of_codes: bool) -> tuple[str, ...]:
    """What is plainly meant as a code in a cell, and is none of the table.

    In a cell of words that is so only where nothing else stands in it.

    >>> mistyped_codes("PR01，pr1", is_column_of_codes=True), mistyped_codes("A4 纸张广告", is_column_of_codes=False)
    (('pr1',), ())
    """
    parts = [part for part in _BETWEEN.split(_as_codes(text)) if part]
    like = [part for part in parts if _SHAPE.fullmatch(part)]
    if len(like) < len(parts) and not is_column_of_codes:
        return ()
    return tuple(part for part in like if part not in REASONS)


def _as_codes(text: str) -> str:
    """The text in plain width, with every code in it as the table writes it."""

    def code(match: re.Match[str]) -> str:
        joined = (match[1] + match[2]).upper()
        return joined if joined in REASONS else match[0]

    return _WRITTEN.sub(code, unicodedata.normalize("NFKC", text))


def nearest_codes(texts: Iterable[str], among: Collection[str] = REASONS) -> dict[str, list[str]]:
    """For each text that was given for a code and is none of `among`, the nearest codes; left out if none is near.

    Near is one slip: a character too many, too few or changed, or two neighbours swapped. Of texts made of two letters
    and two digits at random 3 % are so near to a code; at two slips it would be 35 %. Of equals the first three of the
    table are given.

    >>> nearest_codes(["PR1", "QCO1", "XX99"])
    {'PR1': ['PR01'], 'QCO1': ['QC01']}
    """
    # Compiled code that only a wrong code needs.
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    codes = [code for code in REASONS if code in among]
    suggestions: dict[str, list[str]] = {}
    for text in list(texts)[:_MOST_TEXTS]:
        given = _NO_CODE.sub("", unicodedata.normalize("NFKC", text).upper())
        near = extract(given, codes, scorer=OSA.distance, score_cutoff=_SLIPS, limit=None)
        if near and text not in among:
            least = min([slips for _code, slips, _place in near])
            places = sorted([place for _code, slips, place in near if slips == least])
            suggestions[text] = [codes[place] for place in places[:_MOST_NEAREST]]
    return suggestions


def suggested_codes(texts: Iterable[str]) -> dict[str, list[str]]:
    """For each mistyped code the nearest codes; where none is near, the first of those that begin with its letters."""
    texts = list(texts)[:_MOST_TEXTS]
    suggestions = nearest_codes(texts)
    for text in texts:
        if text not in suggestions and (alike := [code for code in REASONS if code[:2] == text[:2].upper()]):
            suggestions[text] = alike[:_MOST_NEAREST]
    return suggestions


def code_like(text: str) -> list[str]:
    """What stands in a column of codes, taken apart: each run of letters and digits."""
    return re.findall(r"\w+(?:[-. ]\d+)?", text)


def severity(code: str) -> int:
    """How grave a code is, 1 to 3; a code that is not in the table is as grave as ZZ99."""
    return REASONS.get(code, REASONS[UNKNOWN]).severity


def gravest(codes: Iterable[str]) -> int:
    """The severity of the gravest of several codes, 1 if there is none."""
    return max(map(severity, codes), default=1)
