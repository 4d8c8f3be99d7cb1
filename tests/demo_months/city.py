"""The invented city's platforms, each with its habits, and merchants of every province; no such company exists."""

import random
from dataclasses import dataclass
from typing import Final

from tests.support.builders import uscc

SEED: Final = 20260528


@dataclass(frozen=True, slots=True)
class Habit:
    """How a platform behaves: reports and merchants looked up in a week; days until it answers a task (median, and
    the share of tasks that it leaves beyond their deadline), and how many merchants are on its roster."""

    platform_id: str
    name: str
    reports: float
    lookups: float
    days: float
    late: float
    roster: int


# The first three are those of the demo data of a fresh exchange.
HABITS: Final = (
    Habit("qingluan", "青鸾示例商城", 5.0, 24, 0.6, 0.04, 49),
    Habit("beidou", "北斗示例优选", 3.5, 18, 0.8, 0.06, 38),
    Habit("shanhai", "山海示例集市", 2.5, 14, 1.2, 0.12, 33),
    Habit("yunfan", "云帆示例直播", 4.0, 20, 0.4, 0.02, 33),
    Habit("zhengyang", "正阳示例超市", 1.5, 8, 0.5, 0.03, 22),
    Habit("lingxi", "灵犀示例团购", 2.0, 10, 1.0, 0.10, 22),
    Habit("fengqi", "风起示例生鲜", 1.2, 9, 2.5, 0.45, 22),
    Habit("wangchuan", "辋川示例书城", 0.6, 4, 1.0, 0.05, 11),
    Habit("taoyuan", "桃源示例农品", 0.8, 6, 3.0, 0.55, 16),
    Habit("zhiwen", "只问示例特卖", 0.0, 26, 1.5, 0.20, 16),
    Habit("jinxiu", "锦绣示例服饰网", 2.2, 9, 0.9, 0.07, 22),
    Habit("baicao", "百草示例药房网", 1.0, 5, 0.5, 0.02, 11),
    Habit("qinghe", "清河示例二手", 1.4, 7, 2.0, 0.30, 16),
    Habit("luming", "鹿鸣示例美妆", 1.6, 8, 0.8, 0.06, 16),
    Habit("xinghai", "星海示例数码", 1.8, 9, 0.7, 0.05, 16),
    Habit("changfeng", "长风示例出行", 0.3, 2, 1.5, 0.15, 10),
    Habit("nanshan", "南山示例母婴", 0.9, 6, 0.6, 0.03, 13),
    Habit("cangming", "沧溟示例水产", 0.4, 3, 4.0, 0.65, 11),
    Habit("mobai", "墨白示例家居", 0.9, 5, 1.1, 0.10, 13),
    Habit("chuyun", "楚云示例本地生活", 1.3, 11, 0.9, 0.08, 19),
    Habit("xiaoman", "小满示例社区团", 0.2, 3, 1.8, 0.22, 10),
)
# Division of a code, place, weight.
PLACES: Final = (
    ("110105", "北京", 5), ("120101", "天津", 2), ("130102", "石家庄", 3), ("140105", "太原", 2),
    ("150102", "呼和浩特", 1), ("210102", "沈阳", 3), ("220102", "长春", 2), ("230102", "哈尔滨", 2),
    ("310115", "上海", 7), ("320104", "南京", 8), ("330106", "杭州", 12), ("340102", "合肥", 3),
    ("350102", "福州", 6), ("360102", "南昌", 2), ("370102", "济南", 5), ("410102", "郑州", 4),
    ("420106", "武汉", 4), ("430102", "长沙", 3), ("440104", "广州", 14), ("450102", "南宁", 2),
    ("460105", "海口", 1), ("500103", "重庆", 3), ("510107", "成都", 4), ("520102", "贵阳", 1),
    ("530102", "昆明", 2), ("540102", "拉萨", 1), ("610113", "西安", 3), ("620102", "兰州", 1),
    ("630102", "西宁", 1), ("640104", "银川", 1), ("650102", "乌鲁木齐", 1),
)  # fmt: skip
BRANDS: Final = "霁昱朔岚沅瑜叙澜芮祎珩槿泠砚汀枳栎苓绮沁筠黛晗珞祁泽翊檀沄璟颐曦湛蘅缃曳岑澍"
# Trade, what it is evicted for (reason, weight).
TRADES: Final = (
    ("服饰", (("销售假冒注册商标商品", 5), ("虚假宣传", 2), ("刷单炒信", 2))),
    ("食品", (("经营超过保质期的食品", 4), ("无证经营食品", 3), ("虚假宣传", 2))),
    ("电子", (("未经强制认证的充电器", 3), ("售假", 3), ("收款不发货，商家失联", 2))),
    ("化妆品", (("销售不合格化妆品", 4), ("售假", 2), ("虚假宣传", 2))),
    ("日用品", (("收款不发货，商家失联", 3), ("刷单炒信", 3), ("哄抬价格", 1))),
    ("药房", (("销售假药", 2), ("无证经营食品", 1))),
    ("图书", (("销售盗版图书", 4), ("刷单炒信", 1))),
    ("家居", (("虚假宣传", 3), ("假冒专利", 2), ("销售假冒注册商标商品", 1))),
)
FORMS: Final = (("有限公司", "91"), ("商行", "92"), ("有限责任公司", "91"), ("店", "92"))
EVIDENCE: Final = ("E4", "E4", "E3", "E3", "E2", "E2", "E2", "E1")


@dataclass(frozen=True, slots=True)
class Merchant:
    """An invented merchant, and the reason for which a platform would evict it."""

    uscc: str
    name: str
    reason: str

    @property
    def who(self) -> dict[str, str]:
        """The merchant as a platform names it."""
        return {"uscc": self.uscc, "name": self.name}


def merchants(count: int, dice: random.Random) -> list[Merchant]:
    """So many merchants, the same for the same dice; every name says that it is an example."""
    return [_merchant(number, dice) for number in range(1, count + 1)]


def merchant_of(number: int, division: str, place: str, dice: random.Random) -> Merchant:
    """A merchant of one place."""
    brand = "".join(dice.sample(BRANDS, 2))
    trade, reasons = dice.choice(TRADES)
    form, category = dice.choice(FORMS)
    reason = dice.choices([text for text, _ in reasons], [weight for _, weight in reasons])[0]
    return Merchant(uscc(number, division, category), f"{place}{brand}示例{trade}{form}", reason)


def _merchant(number: int, dice: random.Random) -> Merchant:
    division, place, _ = dice.choices(PLACES, [weight for _, _, weight in PLACES])[0]
    return merchant_of(number, division, place, dice)
