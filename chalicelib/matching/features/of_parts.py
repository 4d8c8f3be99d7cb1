"""The features that look at how the parts of two names relate: each holds or does not."""

from chalicelib.matching.compare_names import Likeness


def initials_only(like: Likeness) -> float:
    """Of the brand the first letters of its reading are said; many brands have the same."""
    return float(like.brand == "initial")


def another_brand(like: Likeness) -> float:
    """A character of the brand is another one that neither sounds nor looks alike: another firm."""
    return float(like.brand == "other")


def no_brand(like: Likeness) -> float:
    """Neither name has a brand, as 县供销合作社, and the regions are not the same: nothing else distinguishes them."""
    return float(like.brand == "none" and like.region != "same" and not _is_trade_alone(like))


def trade_alone(like: Likeness) -> float:
    """Neither name has a brand, no place is asked for, and the trades agree word by word: rare where they are long."""
    return float(_is_trade_alone(like))


def _is_trade_alone(like: Likeness) -> bool:
    return (like.brand, like.trade, like.region) == ("none", "same", "unknown") and not like.shop


def synonymous_trade(like: Likeness) -> float:
    """The trades are of one meaning by other words."""
    return float(like.trade == "synonymous")


def overlapping_trade(like: Likeness) -> float:
    """The trades have some words in common."""
    return float(like.trade == "overlapping")


def part_of_trade(like: Likeness) -> float:
    """One of the trades is the other and more, as 商贸 and 商贸科技: the commonest way to change a name."""
    return float(like.trade == "part")


def missing_trade(like: Likeness) -> float:
    """Only one of the names says a trade."""
    return float(like.trade == "missing")


def another_trade(like: Likeness) -> float:
    """The trades have nothing in common: one city may hold one brand in each trade."""
    return float(like.trade == "other" and not _is_renamed_stock(like))


def _is_renamed_stock(like: Likeness) -> bool:
    """Two joint-stock companies of one brand and place, or of one brand and trade: there are few, and they rename."""
    if like.form != "rare" or like.brand != "same":
        return False
    return like.region != "other" if like.trade == "other" else like.trade in ("same", "synonymous", "part")


def another_trade_of_stock(like: Likeness) -> float:
    """Joint-stock companies of one brand and place have other trades: rarely two firms, often one that was renamed."""
    return float(like.trade == "other" and _is_renamed_stock(like))


def contained_category(like: Likeness) -> float:
    """What is said of the trade is a part of it; of the short name of a joint-stock company a fifth as much counts."""
    is_short = like.form in ("short", "rare") and not like.shop
    return (0.2 if is_short else 1.0) if like.trade == "contained" else 0.0


def unsaid_category(like: Likeness) -> float:
    """A shop says no category, so that nothing of it agrees with the firm's trade."""
    return float(like.trade == "unsaid")


def general_trade(like: Likeness) -> float:
    """A shop says a category and the firm's trade is general, as 商贸 is: it may well sell that."""
    return float(like.trade == "general")


def another_category(like: Likeness) -> float:
    """A shop's category is not the firm's trade; a shop may sell what its firm's name does not say."""
    return float(like.trade == "category")


def more_words(like: Likeness) -> float:
    """A shop's name has words behind the brand that are no category: the brand is likely a longer one."""
    return float(like.trade == "more")


def only_the_mark(like: Likeness) -> float:
    """The brand stands first in the name of a 专卖店, where the mark stands that the shop of another firm sells."""
    return float(like.trade == "mark")


def narrower_region(like: Likeness) -> float:
    """One name says a district or town that the other leaves out."""
    return float(like.region == "narrower")


def by_registrar(like: Likeness) -> float:
    """The listed name has no region; its registrar lies in the asked one."""
    return float(like.region == "registrar")


def alike_trade_without_place(like: Likeness) -> float:
    """No place is asked for, and the trades are alike only: some firm anywhere has that brand and such a trade.

    Joint-stock companies, which go by short names, are few.
    """
    is_alike = like.region == "unknown" and like.trade in ("synonymous", "part", "overlapping")
    return float(is_alike and like.form not in ("short", "rare"))


def changed_without_place(like: Likeness) -> float:
    """The brand was changed (in letters: half as much) and no place is asked for: some firm anywhere is like it."""
    if like.region != "unknown" or like.brand in ("same", "other", "none"):
        return 0.0
    return 0.5 if like.brand in ("spelt", "initial") else 1.0


def english_without_place(like: Likeness) -> float:
    """A name in English says no place: a brand in letters and a trade in general words fit firms anywhere."""
    return float(like.form == "english" and like.region == "unknown")


def within_region(like: Likeness) -> float:
    """One name has the province where the other has a place in it: usually two firms."""
    return float(like.region == "within")


def another_region(like: Likeness) -> float:
    """The regions contradict each other: another firm, however much else agrees."""
    return float(like.region == "other" and not _is_renamed_stock(like))


def another_region_of_stock(like: Likeness) -> float:
    """Joint-stock companies of one brand and trade have other regions: rarely two firms, often one that moved."""
    return float(like.region == "other" and _is_renamed_stock(like))


def same_shop(like: Likeness) -> float:
    """Two shops have one name."""
    return float(like.shop and like.form == "same")


def same_form(like: Likeness) -> float:
    """The legal forms are the same."""
    return float(like.form == "same")


def rare_form(like: Likeness) -> float:
    """Both are joint-stock companies (股份有限公司), as about one company in a hundred is."""
    return float(like.form == "rare")


def short_name(like: Likeness) -> float:
    """A name without place and form is asked for, and a joint-stock company bears it, as short names are used of."""
    return float(like.form == "short" and not like.shop)


def brand_alone(like: Likeness) -> float:
    """A brand alone is asked for, without place, trade and form: many firms anywhere bear one brand."""
    return float(like.trade in ("missing", "unsaid") and (like.region, like.form) == ("unknown", "missing"))


def alike_form(like: Likeness) -> float:
    """The legal forms are of one class, as 有限公司 and 有限责任公司."""
    return float(like.form in ("alike", "english"))


def another_form(like: Likeness) -> float:
    """The legal forms are of two classes: a cooperative is no company."""
    return float(like.form == "other")
