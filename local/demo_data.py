"""Demo data of a fresh local exchange: a few participants, and an invented data set reported through the API.

Every merchant here is invented and says so in its name (示例, example); the codes are made up and pass their checks.
"""

import json
import shlex
import sys
import urllib.error
import urllib.request
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.settings import gateway_asks_for_signatures
from chalicelib.values import organisation_codes
from chalicelib.values.records import Json
from infra.emulation.authorisation import Signer
from local import StartError
from local.aws.cloud import ACCOUNT, REGION, until
from local.people_of_demo import links

if TYPE_CHECKING:
    from local.stack import Stack

OPERATOR = {"id": "operator", "name": "本机运营方", "role": "operator"}
OTHERS = (
    {"id": "qingluan", "name": "青鸾示例商城", "role": "platform", "aws_account": ACCOUNT},
    {"id": "beidou", "name": "北斗示例优选", "role": "platform", "aws_account": ACCOUNT},
    {"id": "shanhai", "name": "山海示例集市", "role": "platform", "aws_account": ACCOUNT},
    {"id": "regulator", "name": "示例监管部门", "role": "regulator", "aws_account": ACCOUNT},
)
# Reporter, name, division and serial of the code, reason, evidence, days since the eviction.
MERCHANTS: tuple[tuple[str, str, str, str, str, str, int], ...] = (
    ("qingluan", "杭州云栖谷示例服饰有限公司", "330106", "MA2GT001", "销售假冒注册商标商品", "E4", 41),
    ("qingluan", "广州市越秀区半日闲示例百货店", "440104", "MA5CT002", "刷单炒信", "E2", 12),
    ("qingluan", "成都锦里渡示例食品有限公司", "510107", "MA6CT003", "经营超过保质期的食品", "E3", 77),
    ("qingluan", "深圳市星野原示例电子有限公司", "440305", "MA5FT004", "未经强制认证的充电器", "E3", 5),
    ("beidou", "杭州云栖谷示例服饰有限公司", "330106", "MA2GT001", "售假", "E2", 30),
    ("beidou", "义乌市千帆过示例日用品商行", "330782", "MA2HT005", "收款不发货，商家失联", "E2", 20),
    ("beidou", "上海鹿鸣里示例化妆品有限公司", "310115", "MA1HT006", "销售不合格化妆品", "E4", 63),
    ("beidou", "武汉楚天遥示例家居有限公司", "420106", "MA4KT007", "虚假宣传", "E1", 9),
    ("shanhai", "青岛听涛阁示例水产有限公司", "370202", "MA3CT008", "无证经营食品", "E4", 110),
    ("shanhai", "泉州海丝路示例鞋业有限公司", "350503", "MA2YT009", "假冒专利", "E2", 15),
    ("shanhai", "西安终南示例图书有限公司", "610113", "MA6UT010", "销售盗版图书", "E2", 33),
    ("shanhai", "沈阳雪原示例药房有限公司", "210102", "MA0QT011", "销售假药", "E4", 150),
)


class DemoPerson(NamedTuple):
    """A natural person of the demo data; `document` is its type, '' for a bank account; `days` since the eviction."""

    name: str
    document: str
    number: str
    shop: str
    reason: str
    evidence: str
    days: int


# Natural persons exempt from registration, more than half of all operators (MR/T 0001—2025); '' is a bank account.
# 119900 is no division of Beijing: resident IDs that begin with it are nobody's, though they pass their check.
PERSONS: tuple[tuple[str, DemoPerson], ...] = (
    ("qingluan", DemoPerson("李示例", "身份证", "11990019000101001X", "示例小铺", "销售假冒注册商标商品", "E4", 25)),
    (
        "qingluan",
        DemoPerson("赵示行", "身份证", "119900190001010028", "示例果园直供", "销售假冒注册商标商品", "E2", 18),
    ),
    ("qingluan", DemoPerson("欧阳示例", "身份证", "119900190001010036", "示例手工皮具", "刷单炒信", "E2", 55)),
    ("qingluan", DemoPerson("古丽示例", "身份证", "119900190001010044", "示例干果", "经营超过保质期的食品", "E3", 8)),
    ("beidou", DemoPerson("李示例", "身份证", "11990019000101001X", "示例小铺二店", "售假", "E2", 14)),
    (
        "beidou",
        DemoPerson("陈示例", "港澳居民来往内地通行证", "H00000017", "示例港货", "收款不发货，商家失联", "E2", 22),
    ),
    ("beidou", DemoPerson("林示例", "台湾居民来往大陆通行证", "00000025", "示例茶点", "虚假宣传", "E1", 6)),
    (
        "beidou",
        DemoPerson(
            "JANE EXAMPLE", "外国人永久居留身份证", "ZZZ119900010133", "Example Crafts", "销售盗版图书", "E2", 31
        ),
    ),
    ("shanhai", DemoPerson("JOHN EXAMPLE", "护照", "ZZ0000041", "Example Goods", "假冒专利", "E2", 47)),
    ("shanhai", DemoPerson("孙示例", "", "6299990000000000058", "示例水产摊", "无证经营食品", "E4", 90)),
    ("shanhai", DemoPerson("司徒示例", "身份证", "119900190001010052", "示例缝补", "销售不合格化妆品", "E3", 36)),
    ("shanhai", DemoPerson("周示例", "港澳居民来往内地通行证", "M0000006601", "示例手信", "售假", "E2", 3)),
)

# Takes the link out of the challenge and passes it to the wallet, with the Python that runs this.
TO_WALLET = f"""{sys.executable} -c 'import json,sys; print(json.load(sys.stdin)["deep_link"])' \\
  | xargs {sys.executable} -m local.wallet"""


def made_up_uscc(division: str, serial: str) -> str:
    """A code of an enterprise in that division, with both check characters right."""
    organisation = next(serial + c for c in "0123456789X" if organisation_codes.is_valid_org_code(serial + c))
    first17 = "91" + division + organisation
    return first17 + organisation_codes.uscc_check_character(first17)


def load_demo_data(stack: "Stack") -> None:
    """Admit the participants, report the evictions, wait until that is done, and store the keys; safe to repeat."""
    keys = {OPERATOR["id"]: _bootstrap()}
    keys |= _admit_again()
    for participant in OTHERS:
        keys[participant["id"]] = _admit(stack, keys[OPERATOR["id"]], participant)
    _report(stack, keys, [(merchant[0], _eviction(*merchant[1:])) for merchant in MERCHANTS])
    _report(stack, keys, [(platform, _eviction_of_person(person)) for platform, person in PERSONS])
    stack.keys = keys
    stack.persistence.remember("keys", keys)


def _report(stack: "Stack", keys: dict[str, str], evictions: list[tuple[str, Json]]) -> None:
    """Report the evictions, each by its platform, and wait until every row is accepted."""
    waiting: dict[str, str] = {}
    for platform in dict.fromkeys(reporter for reporter, _ in evictions):
        rows = [eviction for reporter, eviction in evictions if reporter == platform]
        report = call(stack.url, keys[platform], "POST", "/v1/reports", {"evictions": rows})
        waiting[platform] = f"/v1/reports/{report['report_id']}"
    for platform, path in waiting.items():
        if not until(lambda: call(stack.url, keys[platform], "GET", path)["status"] == "done", 30, 0.05):  # noqa: B023
            raise StartError("the seeded reports did not get through; the lines above say why")


def _bootstrap() -> str:
    """The operator's key: no API call can make the first one, so it is made as an administrator would."""
    from chalicelib import wiring
    from chalicelib.accounts import admit_platform, api_keys
    from chalicelib.accounts.roles import Role
    from chalicelib.errors import Conflict

    try:
        new = admit_platform.NewPlatform(OPERATOR["id"], OPERATOR["name"], Role(OPERATOR["role"]))
        made = admit_platform.admit(wiring.exchange(), wiring.topics(), new, wiring.now())
    except Conflict:
        made = api_keys.issue_key(wiring.exchange(), OPERATOR["id"], wiring.now())
    return str(made["key"])


def _admit_again() -> dict[str, str]:
    """The keys of the platforms of the six months, if they were loaded: topics and keys are of this start."""
    from chalicelib import wiring
    from chalicelib.accounts import admit_platform, platforms

    exchange, fresh = wiring.exchange(), {OPERATOR["id"], *(participant["id"] for participant in OTHERS)}
    others = [platform for platform in platforms.find_all(exchange) if platform.platform_id not in fresh]
    keys = {}
    for platform in others:
        new = admit_platform.NewPlatform(platform.platform_id, platform.name, platform.role)
        keys[platform.platform_id] = str(admit_platform.admit(exchange, wiring.topics(), new, wiring.now())["key"])
    return keys


def _admit(stack: "Stack", operator_key: str, wanted: Json) -> str:
    try:
        return str(call(stack.url, operator_key, "POST", "/v1/platforms", wanted)["key"])
    except urllib.error.HTTPError as error:
        if error.code != 409:
            raise StartError(f"{wanted['id']} was not admitted: {error.read().decode()}") from None
        return str(call(stack.url, operator_key, "POST", f"/v1/platforms/{wanted['id']}/keys", {})["key"])


def _eviction(name: str, division: str, serial: str, reason: str, evidence: str, days: int) -> Json:
    day = date.today() - timedelta(days=days)  # noqa: DTZ011 -- a day on this machine's calendar is what is meant
    return {
        "uscc": made_up_uscc(division, serial),
        "name": name,
        "evicted_on": day.isoformat(),
        "reason_text": reason,
        "evidence_level": evidence,
    }


def _eviction_of_person(person: DemoPerson) -> Json:
    day = date.today() - timedelta(days=person.days)  # noqa: DTZ011 -- a day on this machine's calendar is what is meant
    document = {"id_type": person.document, "id_no": person.number}
    return {
        **(document if person.document else {"bank_account": person.number}),
        "name": person.name,
        "shop_name": person.shop,
        "entity_type": "自然人",
        "evicted_on": day.isoformat(),
        "reason_text": person.reason,
        "evidence_level": person.evidence,
    }


def call(url: str, key: str, method: str, path: str, body: Json | None = None) -> Json:
    """Call the API with a JSON body; raises `urllib.error.HTTPError` when it is refused."""
    request = urllib.request.Request(url + path, method=method)
    if body is not None:
        request.data = json.dumps(body, ensure_ascii=False).encode()
        request.add_header("Content-Type", "application/json")
    for name, value in _authorisation(method, url + path, key, request.data).items():
        request.add_header(name, value)
    with urllib.request.urlopen(request, timeout=60) as answer:
        answered: Json = json.loads(answer.read())
    return answered


def _authorisation(method: str, url: str, key: str, body: Any) -> dict[str, str]:
    """The headers of a caller, signed where the gateway asks for it (`GATEWAY_AUTH=iam`)."""
    if not gateway_asks_for_signatures():
        return {"Authorization": f"Bearer {key}"}
    return Signer(ACCOUNT).sign(method, url, {"X-Lianfang-Key": key}, body, REGION)


def banner(stack: "Stack", seconds: float, data: str | None) -> str:
    """The text printed when everything is up: the keys, lines to paste, further addresses."""
    _, name, division, serial, *_ = MERCHANTS[0]
    asked = {"uscc": made_up_uscc(division, serial), "purpose": "onboarding"}
    report = {"evictions": [_eviction("绍兴若耶溪示例纺织有限公司", "330602", "MA2DT012", "假冒注册商标", "E2", 1)]}
    first, second, third = (participant["id"] for participant in OTHERS[:3])
    row = f"{name},{asked['uscc']},{date.today() - timedelta(days=3)},虚假广告"  # noqa: DTZ011
    table = f"主体名称,统一社会信用代码,清退日期,清退原因\\n{row}\\n"
    kept = f"state is kept in {data}" if data else "nothing is kept; DATA=dir keeps it"
    lines = [
        "",
        f"Lianfang runs on {stack.url} (ready in {seconds:.1f} s; {kept}). Ctrl-C stops it.",
        "",
        *(
            f"  {participant['role']:<10} {participant['id']:<10} {stack.keys.get(participant['id'], '?')}"
            for participant in (*OTHERS, OPERATOR)
        ),
        "",
        f"Is this applicant known ({name})?",
        _curl(stack, second, "/v1/lookups", asked),
        "Report one eviction:",
        _curl(stack, first, "/v1/reports", report),
        "Report a file:",
        f"printf {shlex.quote(table)} | curl -s {stack.url}/v1/reports/files -H 'X-File-Name: evicted.csv' "
        f"-H 'Content-Type: text/csv' {_credentials(stack, third)} --data-binary @-",
        "",
        "Ask for its electronic licence, and show it as its holder would:",
        f"{_curl(stack, second, '/v1/licence-checks', asked)} \\\n  | {TO_WALLET}",
        "",
        "The commands of the documents can be pasted after: source .local/env (address and keys, as above)",
        "Sign in to the console (each link works once, within 15 minutes; fresh ones: /_local/sign-in-links):",
        *(
            f"  {link['role']:<10} {link['organisation']:<10} {link['url']}   {link['says']}"
            for link in links(stack.url)
        ),
        "",
        f"Also: {stack.url}/openapi.json, /_local/notices (notices of platforms), POST /_local/tick (schedules, now).",
        f"The cloud it runs on: AWS_ENDPOINT_URL={stack.cloud.endpoint} (any AWS client, any credentials).",
        "Notices appear below as they arrive.",
        "",
    ]
    return "\n".join(lines)


def _curl(stack: "Stack", platform: str, path: str, body: Json) -> str:
    text = json.dumps(body, ensure_ascii=False)
    authorization = _credentials(stack, platform)
    return f"curl -s {stack.url}{path} {authorization} -H 'Content-Type: application/json' -d {shlex.quote(text)}"


def _credentials(stack: "Stack", platform: str) -> str:
    """The options of curl by which a platform says who it is."""
    key = stack.keys.get(platform, "?")
    if not gateway_asks_for_signatures():
        return f"-H 'Authorization: Bearer {key}'"
    return f"--aws-sigv4 aws:amz:{REGION}:execute-api --user local:local -H 'X-Lianfang-Key: {key}'"
