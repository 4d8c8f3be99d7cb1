"""A wallet for licences of the local stack: `python -m local.wallet '<deep link of a licence check>'`.

Plays both sides that the exchange never sees: the registrar, who issues the licence that is asked for, and its
holder, who answers the challenge with it. With options it shows what must fail: another name, an ended licence, a
role that does not suffice, another merchant.
"""

import argparse
import json
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from chalicelib.values.records import Json
from local import StartError
from local.licences import SECRET

if TYPE_CHECKING:
    from chalicelib.licences.adapters.exchange_issuer import LicenceIssuer

SCHEME = "lianfang"


def read_link(link: str) -> dict[str, str]:
    """The fields of the challenge in a link. Raises `StartError`."""
    parts = urlsplit(link.strip())
    fields = {name: values[0] for name, values in parse_qs(parts.query).items()}
    missing = {"session", "nonce", "aud", "uscc", "answer_to"} - fields.keys()
    if parts.scheme != SCHEME or missing:
        raise StartError("that is no link of a licence check: it starts with lianfang://licence-check?")
    if urlsplit(fields["answer_to"]).hostname not in ("127.0.0.1", "localhost"):
        raise StartError("this wallet answers the exchange on this machine only")
    return fields


def issuer_of(answer_to: str) -> "LicenceIssuer":
    """The issuer of the stack that waits there, out of the stack's own cloud. Raises `StartError`."""
    import boto3

    from chalicelib.licences.adapters.exchange_issuer import LicenceIssuer

    parts = urlsplit(answer_to)
    cloud = _call(f"{parts.scheme}://{parts.netloc}/_local/cloud", None)
    client = boto3.client(
        "secretsmanager",
        endpoint_url=cloud["endpoint"],
        region_name=cloud["region"],
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    return LicenceIssuer.load(client.get_secret_value(SecretId=SECRET)["SecretString"])


def answer(link: str, wanted: Json) -> Json:
    """Issue the licence, present it, and return the exchange's answer. `wanted` overrides fields of the licence."""
    from chalicelib.licences.adapters.exchange_issuer import WalletRequest, present
    from chalicelib.licences.rules.licence import Licence

    asked, now = read_link(link), datetime.now(UTC)
    issuer = issuer_of(asked["answer_to"])
    annotations = [wanted.pop("annotation")] if wanted.get("annotation") else []
    says = {field: value for field, value in wanted.items() if value}
    uscc = says.pop("uscc", asked["uscc"])
    licence = Licence(**{**_made_up(uscc), **says, "uscc": uscc})
    holder = issuer.holder(uscc, now)
    request = WalletRequest(asked["aud"], asked["nonce"], asked["session"])
    presentation = present(holder, issuer.licence(licence, holder, now, annotations), request, now)
    return {
        "shown": licence.name,
        "role": licence.holder_role,
        **_call(asked["answer_to"], {"presentation": presentation}),
    }


def _made_up(uscc: str) -> dict[str, str]:
    """A licence for any code: the seeded merchant's own name, else an example's."""
    from local.demo_data import MERCHANTS, made_up_uscc

    names = {made_up_uscc(division, serial): name for _, name, division, serial, *_ in MERCHANTS}
    return {
        "name": names.get(uscc, "示例商贸有限公司"),
        "entity_type": "有限责任公司",
        "legal_representative": "示例人",
        "address": "示例路1号",
        "registered_capital": "100万元人民币",
        "scope": "日用百货销售",
        "authority": "示例市市场监督管理局",
        "established_on": "2021-03-01",
        "status": "在营",
        "holder_role": "法定代表人",
    }


def _call(url: str, body: Json | None) -> Json:
    request = urllib.request.Request(url, headers={"Content-Type": "application/json"})
    if body is not None:
        request.data = json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, timeout=30) as answered:
            read: Json = json.loads(answered.read())
    except urllib.error.HTTPError as error:
        read = json.loads(error.read())
    except (OSError, ValueError) as error:
        raise StartError(f"no answer at {url}: {error}") from None
    return read


def main(arguments: list[str]) -> int:
    """Answer a challenge; 0 when the licence was verified."""
    parser = argparse.ArgumentParser(prog="local.wallet", description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("link", help="deep_link of POST /v1/licence-checks, or the text of its QR code")
    parser.add_argument("--name", default="", help="the name on the licence")
    parser.add_argument("--role", dest="holder_role", default="", help="法定代表人, 证照管理员, 办事人")
    parser.add_argument("--status", default="", help="在营, 吊销, 注销 …")
    parser.add_argument("--annotation", default="", help="what is annotated in the licence, such as 吊销")
    parser.add_argument("--uscc", default="", help="show the licence of this merchant instead of the one asked for")
    given = vars(parser.parse_args(arguments))
    try:
        result = answer(given.pop("link"), given)
    except StartError as reason:
        print(f"wallet: {reason}", file=sys.stderr)
        return 1
    print(json.dumps(result, ensure_ascii=False, indent=2))
    return 0 if result.get("state") == "verified" else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
