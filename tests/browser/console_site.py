"""A local exchange whose console has something on every screen: tasks, a dispute, rejected rows, rosters."""

import http.client
import json
import re
import urllib.request
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from chalicelib.handlers.console.console_pages import PAGES
from local import demo_data, stack
from tests.support.builders import uscc

PARTICIPANTS = (
    ("qingluan", "青鸾示例商城", "platform"),
    ("beidou", "北斗示例优选", "platform"),
    ("regulator", "示例监管部门", "regulator"),
    ("operator", "本机运营方", "operator"),
)
# A person with all duties of each kind of organisation.
ORGANISATIONS = {"platform": "qingluan", "regulator": "regulator", "operator": "operator"}
NAMES = ("杭州云栖谷示例服饰有限公司", "义乌市千帆过示例日用品商行", "武汉楚天遥示例家居有限公司")
CODES = tuple(uscc(number, "330106") for number in (8_070, 8_071, 8_072))
TALL = "台州市椒江区" + "远岫示例日用百货供应链管理" * 3 + "有限公司台州分公司"
SIZES = {"phone": (360, 740), "computer": (1280, 900)}
# The page that leads on, the switch of languages, the counts of the navigation and the files are no pages to look at.
LEADS_ON = ("/console", "/console/language", "/console/waiting")
# The role of those who look, by the path of the page; and by the name of a page with a parameter in its path.
SHOWN = {
    page.path: str(page.roles[0])
    for page in PAGES
    if page.method == "GET" and not page.path.endswith(".csv") and "{" not in page.path and page.path not in LEADS_ON
}
FILES = {
    **dict.fromkeys(("task", "report", "mend", "report-listings", "listing", "roster-results"), "platform"),
    "dispute": "regulator",
}


@dataclass(frozen=True, slots=True)
class ConsoleSite:
    """The exchange as people reach it: its keys, people by role and duties, and a path of each kind of file."""

    running: stack.Stack
    keys: dict[str, str]
    people: dict[tuple[str, ...], str]
    paths: dict[str, str]

    @property
    def url(self) -> str:
        """Its address."""
        return self.running.url

    def sign_in_link(self, role: str, *duties: str) -> str:
        """An address that signs a person of that role in, once; one with these duties alone, or with all."""
        from chalicelib import wiring
        from chalicelib.people import sign_in_links

        secret = sign_in_links.make_link(wiring.exchange(), self.person(role, *duties), wiring.now())
        return f"{self.url}/console/enter?link={secret}"

    def person(self, role: str, *duties: str) -> str:
        """The id of a person of that role, with these duties alone or with all; added when it is first asked for."""
        if (role, *duties) not in self.people:
            self.people[role, *duties] = _add_person(role, "欧阳示例", *duties)
        return self.people[role, *duties]

    def call(self, who: str, method: str, path: str, body: Any = None) -> Any:
        """A call of the API by a participant; raises where it is refused."""
        return demo_data.call(self.url, self.keys[who], method, path, body)

    def send_file(self, who: str, path: str, name: str, body: bytes) -> Any:
        """Send a file to the API; the answer."""
        headers = {"Authorization": f"Bearer {self.keys[who]}", "Content-Type": "text/csv", "X-File-Name": name}
        request = urllib.request.Request(self.url + path, body, headers, method="POST")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())


def furnish(running: stack.Stack) -> ConsoleSite:
    """Let the participants do what fills the screens, by the API; participants that are missing are admitted."""
    site, made = ConsoleSite(running, dict(running.keys) or _admit(), _all_duties(), {}), {}
    rows = ["商家ID,统一社会信用代码,主体名称"]
    rows += [f"S-{place},{code},{name}" for place, (code, name) in enumerate(_merchants())]
    roster = "\n".join([*rows, "S-9,1,错码"]).encode()
    for who in ("qingluan", "beidou"):
        made[f"roster of {who}"] = site.send_file(who, "/v1/rosters/files", "table.csv", roster)["roster_id"]
    for code in CODES:
        site.call("qingluan", "POST", "/v1/lookups", {"uscc": code, "purpose": "onboarding"})
    running.settle()
    evictions = [_eviction(0, "售假", "E4"), _eviction(1, "收款不发货，商家失联", "E2"), _tall()]
    site.call("beidou", "POST", "/v1/reports", {"evictions": evictions})
    day = _eviction(2, "", "")["evicted_on"]
    table = ("主体名称,统一社会信用代码,清退日期,清退原因,证据等级", f"{NAMES[2]},{CODES[2]},{day},刷单炒信,E2",
             f"{NAMES[1]},91330106MA2GT00100,{day},售假,E2", f"{NAMES[0]},{CODES[0]},2026-02-31,售假,E2")  # fmt: skip
    made["report"] = _report_by_form(site, "\n".join(table).encode())
    running.settle()
    site.paths.update(_paths(site, made))
    return site


def _report_by_form(site: ConsoleSite, table: bytes) -> str:
    """Report a file at the console, so that its sender can mend its rows there; the id of the report."""
    cookie = ""

    def ask(method: str, path: str, kind: str = "", body: bytes = b"") -> tuple[Any, str]:
        connection = http.client.HTTPConnection(site.url.partition("://")[2])
        headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin", "Content-Type": kind}
        connection.request(method, path.removeprefix(site.url), body or None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.headers, text

    cookie = ask("GET", site.sign_in_link("platform"))[0]["Set-Cookie"].partition(";")[0]
    key = re.findall(r'name="key" value="([^"]+)"', ask("GET", "/console/reports")[1])[0]
    parts = (b'name="key"', key.encode()), (b'name="file"; filename="table.csv"\r\nContent-Type: text/csv', table)
    lines = b"".join(b"--cut\r\nContent-Disposition: form-data; %b\r\n\r\n%b\r\n" % part for part in parts)
    sent, _ = ask("POST", "/console/reports/drafts", "multipart/form-data; boundary=cut", lines + b"--cut--\r\n")
    draft = sent["Location"].rpartition("/")[2]
    form = "application/x-www-form-urlencoded"
    led, _ = ask("POST", f"/console/reports/drafts/{draft}/report", form, f"key={key}".encode())
    return str(led["Location"].partition("?")[0].rpartition("/")[2])


def open_doors(running: stack.Stack) -> ConsoleSite:
    """Admit the participants of an exchange that holds nothing, and a person of each role; nothing else is there."""
    return ConsoleSite(running, _admit(), _all_duties(), {})


def _paths(site: ConsoleSite, made: dict[str, str]) -> dict[str, str]:
    """The pages with a parameter in their path that the furnished exchange has, by what they show."""
    call, running = site.call, site.running
    asked = {"uscc": CODES[2], "purpose": "onboarding"}
    listing = call("beidou", "POST", "/v1/lookups", asked)["matches"][0]["listings"][0]["listing_id"]
    new = {"listing_id": listing, "kind": "found_otherwise", "statement": "本平台核查：商户已改名，并非同一主体。"}
    dispute = call("beidou", "POST", "/v1/disputes", new)["dispute_id"]
    running.settle()
    task = call("qingluan", "GET", "/v1/tasks")["tasks"][0]["task_id"]
    return {
        "task": f"/console/tasks/{task}",
        "dispute": f"/console/disputes/{dispute}",
        "report": f"/console/reports/{made['report']}",
        "mend": f"/console/reports/{made['report']}/mend",
        "report-listings": f"/console/reports/{made['report']}/listings",
        "listing": f"/console/reports/listings/{listing}",
        "roster-results": f"/console/roster/{made['roster of qingluan']}",
    }


def _admit() -> dict[str, str]:
    from chalicelib import wiring
    from chalicelib.accounts import admit_platform
    from chalicelib.accounts.roles import Role

    exchange, topics, keys = wiring.exchange(), wiring.topics(), {}
    for ident, name, role in PARTICIPANTS:
        new = admit_platform.NewPlatform(ident, name, Role(role))
        keys[ident] = str(admit_platform.admit(exchange, topics, new, wiring.now())["key"])
    return keys


def _all_duties() -> dict[tuple[str, ...], str]:
    return {(role,): _add_person(role, "司马示例") for role in ORGANISATIONS}


def _add_person(role: str, name: str, *duties: str) -> str:
    """A person of that role's organisation with these duties, or with all; the id."""
    from chalicelib import wiring
    from chalicelib.people import people
    from chalicelib.people.duties import Duty

    new = people.NewPerson(ORGANISATIONS[role], name, frozenset(map(Duty, duties or Duty)))
    return people.add(wiring.exchange(), wiring.digest(), new, "local", wiring.now()).person_id


def _merchants() -> list[tuple[str, str]]:
    return [*zip(CODES, NAMES, strict=True), (uscc(8_073, "331002"), TALL)]


def _tall() -> dict[str, Any]:
    return {
        **_eviction(0, "销售未经强制性产品认证的电器，多次提示后仍未整改" * 3, "E3"),
        "uscc": uscc(8_073, "331002"),
        "name": TALL,
    }


def _eviction(place: int, reason: str, evidence: str) -> dict[str, Any]:
    day = date.today() - timedelta(days=3 + place)  # noqa: DTZ011 -- a day on this machine's calendar is what is meant
    return {
        "uscc": CODES[place],
        "name": NAMES[place],
        "evicted_on": day.isoformat(),
        "reason_text": reason,
        "evidence_level": evidence,
    }
