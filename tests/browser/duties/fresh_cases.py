"""Cases for a journey to act upon, made anew for each by the API of the furnished exchange."""

import json
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.browser.console_site import ConsoleSite
from tests.support.builders import uscc

PICTURE = b"\x89PNG\r\n\x1a\n a picture of a licence"
SCHEDULED = json.loads((Path(__file__).parents[2] / "events" / "schedule.json").read_text("utf-8"))
HEADER = "UNISCID,ENTNAME,SERILLREA_CN,ABNTIME,REMDATE"


# Of merchants, lists and people, so that each has a name of its own.
NUMBERS = count(9_000)


@dataclass(frozen=True, slots=True)
class FreshCases:
    """Makes what journeys act upon."""

    site: ConsoleSite

    def merchant(self) -> tuple[str, str]:
        """The code and the name of a merchant of which nothing is known yet."""
        number = next(NUMBERS)
        return uscc(number, "330106"), f"杭州霁川示例{number}号食品有限公司"

    def table(self) -> str:
        """A table with an eviction of today's."""
        code, name = self.merchant()
        return f"主体名称,统一社会信用代码,清退日期,清退原因,证据等级\n{name},{code},{days_ago(3)},销售假冒商品,E4\n"

    def listing(self, reporter: str, reader: str) -> str:
        """The id of a listing that one platform reported of a new merchant, as the other finds it."""
        code, name = self.merchant()
        eviction = {
            "uscc": code,
            "name": name,
            "evicted_on": days_ago(3),
            "reason_text": "售假",
            "evidence_level": "E4",
        }
        self.site.call(reporter, "POST", "/v1/reports", {"evictions": [eviction]})
        self.site.running.settle()
        asked = {"uscc": code, "purpose": "onboarding"}
        return str(self.site.call(reader, "POST", "/v1/lookups", asked)["matches"][0]["listings"][0]["listing_id"])

    def dispute(self) -> str:
        """A dispute by beidou about a listing of qingluan, which nobody answered yet."""
        listing = self.listing("qingluan", "beidou")
        new = {"listing_id": listing, "kind": "found_otherwise", "statement": "本平台核查：并非同一主体。"}
        dispute = self.site.call("beidou", "POST", "/v1/disputes", new)["dispute_id"]
        self.site.running.settle()
        return str(dispute)

    def uploaded_licence(self) -> str:
        """A check of a licence whose picture waits for its readers."""
        from chalicelib import wiring

        asked = {"uscc": self.merchant()[0], "purpose": "onboarding", "method": "manual"}
        made = self.site.call("qingluan", "POST", "/v1/licence-checks", asked)
        wiring.bucket().put(made["upload"]["fields"]["key"], PICTURE)
        return str(made["check_id"])

    def held_list(self) -> str:
        """A list whose second delivery is held, for it lacks most entries of the first; one of its rows is rejected."""
        from chalicelib import wiring

        name = f"list_{next(NUMBERS)}"
        wanted = {"list_type": "beijing_serious_violations", "way": "dropped", "unreadable_percent": 50}
        self.site.call("operator", "PUT", f"/v1/feeds/{name}", wanted)
        for entries in (8, 2):
            wiring.bucket().put(f"feeds/{name}/dropped/{10 - entries}.csv", _entries(entries))
            sys.modules["app"].feeds_due({**SCHEDULED, "feeds": [name]}, None)
        return name

    def pending_decision(self) -> str:
        """A release of a held list, which a person of the operator asked for and a second person decides."""
        from chalicelib import wiring
        from chalicelib.handlers.allowance import Allowance
        from chalicelib.handlers.routing import Request, perform
        from chalicelib.people import people

        name = self.held_list()
        hold = self.site.call("operator", "GET", f"/v1/feeds/{name}")["hold"]["hold_id"]
        asking = people.find(wiring.exchange(), self.site.person("operator", "decide"))
        self.site.person("operator", "read", "decide")
        raw: Any = SimpleNamespace(headers={}, context={"identity": {"sourceIp": "203.0.113.7"}})
        request = Request("req-1", asking.caller, raw, {}, Allowance())
        body: Any = perform("releaseHold", request, {"why": "已核实。"}, {"name": name, "hold_id": hold})
        return str(body.body["pending_decision"]["decision_id"])


def days_ago(days: int) -> str:
    return (date.today() - timedelta(days=days)).isoformat()  # noqa: DTZ011 -- a day on this machine's calendar


def _entries(number: int) -> bytes:
    lines = (f"{uscc(place)},北京朔序{place}商贸有限公司,组织虚假交易。情节严重,2025-08-28," for place in range(number))
    return "\n".join((HEADER, *lines, "没有代码,,,,")).encode()
