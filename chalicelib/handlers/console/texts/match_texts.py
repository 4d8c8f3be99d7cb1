"""What a page says of a merchant: its verdict, what each listing says, and whether platforms and government agree."""

from typing import Final

from chalicelib.handlers.console.texts.listing_texts import VERDICTS, Fields, State, Text, listing_row, verdict_state
from chalicelib.handlers.console.visit import Visit
from chalicelib.values.records import Json

CORROBORATION: Final[dict[str, tuple[str, str, str]]] = {
    "conflict": ("相互矛盾", "at odds", "bad"),
    "both": ("相互印证", "agree", "good"),
    "platform_only": ("仅平台", "platforms alone", "warn"),
    "government_only": ("仅政府", "government alone", "info"),
    "none": ("无记录", "nothing stands", ""),
}
FIRST: Final[dict[str, Text]] = {
    "platform": ("平台先列入", "platforms first"),
    "government": ("政府先列入", "the government first"),
    "same_day": ("同日列入", "the same day"),
}


def merchant_row(visit: Visit, merchant: Json) -> Json:
    """A merchant of an answer in words; `listings` are its rows."""
    shown, subject = VERDICTS[merchant["verdict"]], Fields(merchant["subject"])
    return {
        "subject": subject,
        "name": subject["name"] or subject["uscc"] or visit.t("（无名称）", "(no name)"),
        "sign": shown.sign,
        "tone": shown.tone,
        "word": visit.t(*shown.word),
        "to_do": visit.t(*shown.to_do),
        "verdict": verdict_state(visit, merchant["verdict"]),
        "listings": [listing_row(visit, listing) for listing in merchant["listings"]],
        "corroboration": corroboration_row(visit, merchant["corroboration"]),
    }


def corroboration_row(visit: Visit, found: Json) -> Json:
    """How platforms and government stand to each other: the state, why, who was first and by how many days."""
    zh, en, tone = CORROBORATION[found["state"]]
    first = visit.t(*FIRST[found["first"]]) if found.get("first") else ""
    days = found.get("days_between", 0)
    return {
        "state": State(visit.t(zh, en), tone),
        "says": found["says"][visit.language],
        "first": first,
        "days": days if first else None,
        "platforms_since": found.get("platforms", {}).get("since", ""),
        "government_since": found.get("government", {}).get("since", ""),
    }
