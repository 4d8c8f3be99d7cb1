"""What a firm trades in: the words of trades, those that mean the same, and where a brand ends."""

from functools import lru_cache

from chalicelib.matching.tables.trade_words import TRADES

WORDS = frozenset([*TRADES.split(), "电商"])
_MOST = 6
_SIZES: dict[str, tuple[int, ...]] = {}  # the lengths, ascending, of the words that begin with these two characters
for _head, _size in sorted({(w[:2], len(w)) for w in WORDS}):
    _SIZES[_head] = (*_SIZES.get(_head, ()), _size)
# 企业名称相同相近比对规则 (2017) Art. 4(1) holds synonymous trades to be similar. A line: words of one meaning.
SYNONYMS = """
商贸 贸易 经贸 商业 商务 物资 百货 物资贸易 工贸 科贸 汽贸
房地产 房地产开发 地产 置业 置地 房产
科技 技术 网络科技 信息科技 信息技术 科技开发 科技发展 技术开发 电子科技 网络 软件 软件开发 智能科技 计算机 信息
酒业 白酒 酒类 酿酒
建筑 建筑工程 建设 建设工程 建工 建筑安装 建筑安装工程
装饰 装潢 装修 建筑装饰 装饰工程 建筑装饰工程 装饰装修
广告 广告传媒 传媒 文化传媒 文化传播 策划 营销策划
物流 货运 运输 货物运输 道路运输 快递 货运代理
物业 物业管理 物业服务
服装 服饰 制衣 时装
食品 食品加工 副食品 粮油 粮油食品
农业 农业开发 农业发展 农业科技 生态农业 农业技术
养殖 种养 种养殖 畜禽养殖 畜牧 牧业 生猪养殖 水产养殖
种植 果蔬 蔬菜 蔬菜种植 水果种植 种业 苗木 苗木种植
机电 机电设备 机械 机械设备 机械制造 设备
环保 环保科技 环保设备 环境工程
医药 药业 医药连锁 药房
家具 家俱 家居
餐饮 餐饮服务 餐饮管理 饮食
咨询 管理咨询 企业管理咨询 商务咨询 信息咨询
汽车 汽车销售 汽车服务 汽车销售服务 汽车贸易 汽贸 汽车修理 汽车维修 汽修
电器 家电 家用电器 电气
建材 建筑材料 装饰材料 新型建材
园林 园林绿化 园林景观 景观工程 绿化
五金 五金机电 五金制品
塑料 塑胶 塑料制品 塑胶制品
通信 通讯 通讯器材
电子商务 电商
"""
_CLASS = {word: line.split()[0] for line in SYNONYMS.strip().splitlines() for word in line.split()}
# Words that nearly every firm may add and that distinguish no firm from another.
FILLERS = frozenset(
    [
        "发展",
        "实业",
        "集团",
        "控股",
        "开发",
        "管理",
        "服务",
        "销售",
        "经营",
        "国际",
        "有限",
        "产业",
        "工程",
        "制品",
        "用品",
        "制造",
        "生产",
        "加工",
    ]
)
_COMMON_BITS = {
    4: "商贸 贸易 科技 实业 建筑工程 房地产开发 物业管理 广告 物流 机械 电子科技 种植 养殖 建材 电子商务 装饰工程 服饰",
    5: "经贸 工贸 投资 运输 建设工程 食品 信息技术 网络科技 汽车销售服务 机电设备 农业开发 文化传媒 机械设备 电子 物资",
    6: "种养殖 种养 农机 医药 餐饮管理 服装 家具 化工 电器 五金 装饰 建筑劳务 置业 房地产 物业服务 咨询 酒店管理",
}
_BITS = {word: worth for worth, words in _COMMON_BITS.items() for word in words.split()}


def brand_length(body: str) -> int:
    """How many characters of brand and trade are the brand: the trade is what words of trades fill to the end.

    Where they do not fill it, the brand ends at the first word of trades after its second character.
    """
    length = len(body)
    reach = length  # the leftmost place from which words of trades reach the end
    good = {length}
    first = 0
    for at in range(length - 2, -1, -1):
        for size in _SIZES.get(body[at : at + 2], ()):
            if body[at : at + size] in WORDS:
                if at >= 2:
                    first = at
                if at + size in good:
                    good.add(at)
                    reach = at
                    break
    if reach in (length, 1):
        return first or (length if length <= 4 else 2)
    if reach == 0 and length > 4:
        return 0
    return reach


def begins(trade: str) -> bool:
    """The trade begins with a word of trades, so that the brand before it is sure to end there."""
    return any(trade[:size] in WORDS for size in range(2, _MOST + 1))


@lru_cache(maxsize=20_000)
def words(trade: str) -> frozenset[str]:
    """The words of a trade, longest first, without fillers; what is no word counts as one."""
    matches, at, odd = set(), 0, ""
    while at < len(trade):
        for size in range(min(_MOST, len(trade) - at), 1, -1):
            if trade[at : at + size] in WORDS:
                matches.add(trade[at : at + size])
                at += size
                break
        else:
            odd += trade[at]
            at += 1
    return frozenset(matches - FILLERS or matches) | ({odd} if odd else frozenset())


def synonymous(trade: str, other: str) -> bool:
    """The two trades are of one meaning, word by word."""
    return meanings(trade) == meanings(other)


def overlap(trade: str, other: str) -> float:
    """The share of words, by meaning, that the two trades have in common, 0 to 1."""
    a, b = meanings(trade), meanings(other)
    return len(a & b) / len(a | b) if a | b else 0.0


@lru_cache(maxsize=20_000)
def bits(trade: str) -> int:
    """How much a trade says of a firm, as powers of two; a rare trade says more."""
    return min(16, sum(_BITS.get(w, 3 * len(w)) for w in words(trade))) if trade else 0


@lru_cache(maxsize=20_000)
def meanings(trade: str) -> frozenset[str]:
    """The words of a trade, each by the first word of its class of synonyms."""
    return frozenset(_CLASS.get(w, w) for w in words(trade))


@lru_cache(maxsize=20_000)
def covered(text: str) -> frozenset[int]:
    """The places of a brand that are inside words of trades of two and more characters."""
    if len(text) < 3:
        return frozenset()
    places: set[int] = set()
    for at in range(len(text) - 1):
        for size in range(min(_MOST, len(text) - at), 1, -1):
            if text[at : at + size] in WORDS:
                places.update(range(at, at + size))
                break
    return frozenset(places)
