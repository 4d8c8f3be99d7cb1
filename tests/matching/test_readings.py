"""A name as people write it leads to the firm: words hung on it, several names in one text, letters, other scripts."""

import doctest
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.invented_names import Firm, firms
from benchmarks.matching import Register
from chalicelib.lookups.rules.find_candidates import STRENGTH
from chalicelib.matching.character_variants import looks_like
from chalicelib.matching.name_scoring import compare
from chalicelib.matching.parse_name import comparison_key, parse
from chalicelib.matching.readings import hung_words, respelt_names, restored_texts
from chalicelib.matching.readings.asked_names import keys_of, listed_names, read_names
from chalicelib.matching.readings.latin_names import syllables_of
from chalicelib.matching.readings.several_names import other_texts
from chalicelib.matching.tables.reading_errors import READING_ERRORS
from chalicelib.verdicts.rules.verdict_by_severity import RELATION_CLASS

FIRM = "深圳市云麓泉电子有限公司"
XIAMEN = "厦门市云麓泉网络科技有限公司"
COOP = "渭源县莲峰镇云麓泉种养殖专业合作社"
# Chains of chemists number their branches, which are registered: of them a number says a branch.
FIRMS = [f for f in firms(120, seed=41) if f.place and f.form.endswith("公司") and "药" not in f.name]

# What a platform, a shop or a writer hangs on a name, as formats of it.
_FORMATS = """
{}-天猫 {}（天猫店） {}抖音店 {}_拼多多 {}|小红书 {}·京东 {}官方 {}官方旗舰店 {}【官方认证】 {}正品保障 {}（品牌直销）
{}2店 {}二店 {}1号店 {}第三分店 {}（总店） {}（南门店） 【正品】{} （原）{} 原{} 正宗{} 老牌{} 官方{}正品保障
{}（曾用名：洛阳市禾屿川食品有限公司） {}，原洛阳市禾屿川食品有限公司 {}（原名洛阳市禾屿川食品有限公司）
洛阳市禾屿川食品有限公司（曾用名：{}） 洛阳市禾屿川食品有限公司（现{}） 云麓泉旗舰店（{}） {}（云麓泉旗舰店）
【云麓泉】{} {}/云麓泉 云麓泉：{} 云麓泉专营店、{} {}★官方★ {}阿里巴巴国际站 {}3号门店 {}（城西店） {}（7天无理由）
金牌卖家{} {}（洛阳市禾屿川食品有限公司更名）
洛阳市禾屿川食品有限公司改名{} {}（前身为洛阳市禾屿川食品有限公司） {}（金牌卖家）
{}（电商部） {}电商部 {}电子商务部 {}线上店 {}总部 {}客服中心 {}618大促 {}双11专场 {}旗下店铺 {}1688店
{}@抖店 {}_西瓜视频 {}eBay店 PDD：{} {}（B站） {}一件代发 {}批发 {}6.18 {}直播专享 {}发货仓
{}（仓库） {}（运营部） {}财务部 {}2号 {}No.2 {}-02 1.{} （1）{} ①{} A、{} 企业名称{} 店铺主体{}
关于{} 中国{} 曾用名称：{} 更名前：{} {}YUNLUQUAN {}电话13900000007 {}微信yunluquan88
{}www.example.com {}2024-05-01 {}等3家 {}及其关联公司 {}公章 {}（已注销）
{}+洛阳市禾屿川食品有限公司 {}旗下云麓泉旗舰店 洛阳市禾屿川食品有限公司（由{}变更）
洛阳市禾屿川食品有限公司（曾用名：洛阳市禾屿川商贸有限公司、{}） {}（西藏拉萨）"""
HUNG = _FORMATS.split()


def _found(asked: str, listed: str, division: str = "") -> tuple[bool, float, str]:
    """Whether the listed name is a candidate, its best score, and the relation of that."""
    register = Register()
    register.add("91440300X000000001", listed, division)
    code, made = register.look_up(read_names(asked))
    return (bool(code), made.score, made.relation) if made else (False, 0.0, "different")


@pytest.mark.parametrize("hung", HUNG)
def test_words_that_are_hung_on_a_name_do_not_hide_it(hung: str) -> None:
    assert _found(hung.format(FIRM), FIRM)[2] == "same_name"


@pytest.mark.parametrize(
    "hung", ["{}天猫旗舰店", "{}官方店", "{}2店", "{}抖音小店", "{}（电商部）", "{}视频号小店", "{}淘宝C店"]
)
@pytest.mark.parametrize("shop", ["杭州市余杭区云麓泉服装店", "云麓泉服装店", "杭州市余杭区云麓泉养生馆"])
def test_a_sole_traders_shop_is_known_under_a_platforms_words(shop: str, hung: str) -> None:
    assert _found(hung.format(shop), shop)[2] == "same_name"


@given(st.sampled_from(FIRMS), st.sampled_from(HUNG))
def test_no_hung_word_lowers_the_relation_below_that_of_the_bare_name(firm: Firm, hung: str) -> None:
    listed = parse(firm.name, firm.code[2:8])
    bare = STRENGTH.index(RELATION_CLASS[compare(parse(firm.name), listed).relation])
    relations = [compare(r.name, listed).relation for r in read_names(hung.format(firm.name))]
    assert max(STRENGTH.index(RELATION_CLASS[r]) if r in RELATION_CLASS else -1 for r in relations) >= bare


@pytest.mark.parametrize("hung", HUNG)
def test_words_that_are_hung_on_a_listed_name_do_not_hide_it(hung: str) -> None:
    _, score, relation = _found(FIRM, hung.format(FIRM))
    assert RELATION_CLASS[relation] == "name"
    assert score > 0.9


@given(st.text("零售批发直播清仓微信号二三双十0123456789-_@#/·—（）【】 abcxyz", max_size=12))
def test_whatever_is_no_branch_behind_a_name_does_not_hide_it(tail: str) -> None:
    relations = [compare(r.name, parse(FIRM, "440300")).relation for r in read_names(FIRM + tail)]
    assert "name" in [RELATION_CLASS.get(relation) for relation in relations]


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("深圳市云麓泉有限公司", FIRM),  # the trade left out, one added before and behind, halved
        ("深圳市云麓泉科技电子有限公司", FIRM),
        ("深圳市云麓泉电子科技有限公司", FIRM),
        ("厦门市云麓泉网络有限公司", XIAMEN),
        ("Xiamen Shi Yunluquan Wangluo Keji Youxian Gongsi", XIAMEN),  # pinyin: words, joined, cut, a letter lost
        ("XIA MEN YUN LU QUAN WANG LUO KE JI YOU XIAN GONG SI", XIAMEN),
        ("XiaMenShiYunLuQuanWangLuoKeJiYouXianGongSi", XIAMEN),
        ("yunluquanwangluokejiyouxiangongsi", XIAMEN),
        ("XIA MEN SHI YUN LU QUAN WANG LUO KE JI YOU", XIAMEN),
        ("XIAMENSHIYUNLUQUNWANGLUOKEJIYOUXIANGONGSI", XIAMEN),
        ("XIAMNSHIYUNLUQUANWANGLUOKEJIYOUXIANGONGSI", XIAMEN),
        ("Xiamen Yunluquan Network Technology Co., Ltd.", XIAMEN),
        ("Shenzhen Yunluquan Electronics Company Limited", FIRM),
        ("HERBINYUNLUQUANWANGLUOKEJIYOUXIANGONGSI", "哈尔滨云麓泉网络科技有限公司"),  # in the place
        ("深圳市ylq电子有限公司", FIRM),  # initials
        ("深圳市yúnlùquán电子有限公司", FIRM),
        ("深圳市云麓\u3164泉电子有限公司", FIRM),  # what is not seen, strokes between, radicals, foreign letters
        ("深圳市云丶麓丶泉电子有限公司", FIRM),
        ("厦⻔市云麓泉网络科技有限公司", XIAMEN),
        ("深圳市ТСL电子有限公司", "深圳市TCL电子有限公司"),
        ("周口①叶舟实业有限公司", "周口一叶舟实业有限公司"),  # numbers
        ("周口1叶舟实业有限公司", "周口壹叶舟实业有限公司"),
        ("乌市云麓泉科技有限公司", "乌鲁木齐市云麓泉科技有限公司"),  # places
        ("内蒙云麓泉科技有限公司", "内蒙古云麓泉科技有限公司"),
        ("凉山彝族自治州云麓泉科技有限公司", "凉山州云麓泉科技有限公司"),
        ("云麓泉深圳市电子有限公司", FIRM),
        ("电子云麓泉有限公司（深圳）", FIRM),
        ("渭源县莲峰云麓泉种养殖专业合作社", COOP),
        ("渭源县云麓泉种养殖专业合作社", COOP),
        ("禾屿川风力技术中国有限公司", "禾屿川风力技术（中国）有限公司"),
        ("和樺科技(股)公司", "和樺科技股份有限公司"),
        ("深圳市女麓泉电子有限公司", "深圳市吕麓泉电子有限公司"),  # n for l
        ("云麓泉电子有限公司深圳", FIRM),  # what stands behind the form first, the trade before place and brand
        ("电子有限公司深圳市云麓泉", FIRM),
        ("电子深圳云麓泉有限公司", FIRM),
        ("圳市云麓泉电子有限公司", FIRM),  # the place miswritten or its first character lost
        ("夏门市云麓泉网络科技有限公司", XIAMEN),
        ("佛山市顺得区云麓泉五金有限公司", "佛山市顺德区云麓泉五金有限公司"),
        ("Shenzhen 云麓泉电子 Co.,Ltd", FIRM),  # two scripts in one name
        ("Yunluquan(云麓泉)深圳市云麓泉电子有限公司", FIRM),
        ("HK云麓泉国际贸易有限公司", "香港云麓泉国际贸易有限公司"),
        ("&#28145;&#22323;&#24066;云麓泉电子有限公司", FIRM),  # as a web page wrote it
        ("12、深圳市云麓泉电子有限公司", FIRM),  # a numbered line
        ("広州広匯桜電気有限公司", "广州广汇樱电气有限公司"),  # Japan's forms
        ("台北云麓泉精密(股)", "台北市云麓泉精密股份有限公司"),
        ("云麓泉精密股份有限公司台北", "台北市云麓泉精密股份有限公司"),
        ("澳門雲麓泉貿易有限公司", "澳门云麓泉贸易一人有限公司"),
        ("深圳云麓泉电商", "深圳市云麓泉电子商务有限公司"),
        ("Shenzhen City Yunluquan Jewelry Firm", "深圳市云麓泉饰品有限公司"),
        ("云麓精科", "杭州云麓精密科技股份有限公司"),  # short names of joint-stock companies
        ("云麓股份", "杭州云麓精密科技股份有限公司"),
        ("深圳市云林鹿泉电子有限公司", FIRM),  # a character split into its two
        ("4平市云麓泉电子有限公司", "四平市云麓泉电子有限公司"),  # a number in a place
        ("云麓泉智能装备股份有限公司", "杭州云麓泉电子股份有限公司"),  # a joint-stock company renamed, place left out
    ],
)
def test_a_name_as_people_write_it_leads_to_the_firm(asked: str, listed: str) -> None:
    candidate, score, relation = _found(asked, listed)
    assert candidate
    assert score > 0.24, (score, relation)


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("云麓泉电子有限公司（成都）", FIRM),  # another place
        ("周口三叶舟实业有限公司", "周口四叶舟实业有限公司"),  # another number is another firm
        ("Chengdu Yunluquan Network Technology Co., Ltd.", XIAMEN),  # another place
        ("Xiamen Heyuchuan Network Technology Co., Ltd.", XIAMEN),  # another brand
        ("yunluwangluokejiyouxiangongsi", "厦门市云鹿网业科技有限公司"),
        ("深圳市ytq电子有限公司", FIRM),  # another initial
        ("云麓泉控股（集团）煤矿设计有限公司", "云麓泉控股（集团）有限公司"),  # a firm of the group
        ("云麓泉（中国）有限公司", "青岛云麓泉有限公司"),  # of the whole country
        ("Jiahui Trading Co., Ltd.", "青岛佳慧贸易有限公司"),  # in English without a place
        ("新乡市云麓泉电子有限公司", "乡市云麓泉电子有限公司"),  # 新 is a part of the place
    ],
)
def test_what_is_another_firm_stays_one(asked: str, listed: str) -> None:
    assert _found(asked, listed)[2] in ("different", "weak")


def test_registered_branches_stay_branches() -> None:
    parent = parse("洛阳市禾屿川药业连锁有限公司")
    for tail in ("第三分店", "西工分公司", "（西工分公司）", "中州路营业部"):
        branch = "洛阳市禾屿川药业连锁有限公司" + tail
        assert [r.name.branch != "" for r in read_names(branch)] == [True]
        assert compare(parse(branch), parent).relation == "branch_of"


def test_nearly_every_plain_name_has_one_reading() -> None:
    assert sum(len(read_names(firm.name)) > 1 for firm in FIRMS) <= 3
    assert other_texts("交城县旗云机械厂") == []
    assert other_texts("禾屿川石化有限公司湖北荆门市张集加油站") == []  # a branch, and its place is no firm's


def test_a_listed_text_is_filed_under_each_name_that_it_says() -> None:
    names = listed_names(f"洛阳市禾屿川食品有限公司（曾用名：{FIRM}）")
    assert comparison_key(FIRM) in [name.key for name in names]
    assert len(listed_names(FIRM)) == 1


@given(st.text(max_size=60))
def test_any_text_has_readings_and_thirty_keys_at_most(text: str) -> None:
    readings = read_names(text)
    assert readings[0].name.raw == text
    assert len(keys_of(readings)) <= 30


@given(st.text("abcdefghijklmnopqrstuvwxyz ", max_size=60))
def test_any_letters_have_readings_and_thirty_keys_at_most(text: str) -> None:
    assert len(keys_of(read_names(text))) <= 30
    assert "".join(syllables_of(text.replace(" ", ""))) == text.replace(" ", "")


@pytest.mark.parametrize(
    "piece", ["官方旗舰", "(", "（原", "天猫官方店", "1店", "旗舰店-", "gong", "曾用名", "公司店", "新"]
)
def test_no_text_makes_the_readings_slow(piece: str) -> None:
    # A pattern that gives back what it took would need more than a lifetime here, and not some thousandths of a second.
    text = ("深圳市云麓泉电子有限公司" + piece * 60 + "x")[:400]
    assert read_names(text)[0].name.raw == text


@pytest.mark.parametrize("text", ["+", "·", "~~", "& &", "—→", ""])
def test_marks_alone_say_no_name(text: str) -> None:
    assert other_texts(text) == []


@pytest.mark.parametrize("module", [hung_words, respelt_names, restored_texts])
def test_a_module_does_what_its_docstring_says(module: ModuleType) -> None:
    results = doctest.testmod(module)
    assert results.attempted > 0
    assert results.failed == 0


def test_what_an_optical_reader_took_for_another_character_looks_like_it() -> None:
    lines = READING_ERRORS.splitlines()
    pairs = [(line[0], other) for line in lines for other in line[1:]]
    assert len(pairs) > 1_000
    assert [pair for pair in pairs if pair[0] == pair[1] or not looks_like(*pair) or not looks_like(*pair[::-1])] == []
    assert not looks_like("泉", "山")


def test_a_poor_scan_is_weighed_between_a_look_alike_and_another_character() -> None:
    scores = [
        compare(parse(f"深圳市云麓{char}电子有限公司"), parse("深圳市云麓圆电子有限公司")).score for char in "园回泉"
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)
