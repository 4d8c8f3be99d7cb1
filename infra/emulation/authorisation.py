"""What API Gateway does with a request before it calls a function: authorisation by IAM, the resource policy, refusals.

A request that it refuses is answered by the API's gateway response of that kind, or by AWS's own:
https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

# AWS's own sentence for each kind of refusal.
SENTENCES: Final = {
    "THROTTLED": "Too Many Requests",
    "MISSING_AUTHENTICATION_TOKEN": "Missing Authentication Token",
    "INVALID_SIGNATURE": "The request signature we calculated does not match the signature you provided.",
    "ACCESS_DENIED": "User is not authorized to access this resource",
}
SCOPE: Final = re.compile(r"AWS4-HMAC-SHA256 Credential=(\w+)/\d{8}/([a-z0-9-]+)/execute-api/aws4_request, ?")


@dataclass(frozen=True, slots=True)
class Signer:
    """An AWS account that signs its requests, by the one access key that it has here."""

    account: str

    @property
    def credentials(self) -> Credentials:
        """Its access key."""
        return Credentials(f"AKIA{self.account}", f"secret of {self.account}")

    def sign(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, region: str
    ) -> dict[str, str]:
        """The headers with those of the signature (Signature Version 4)."""
        request = AWSRequest(method, url, headers=dict(headers), data=body)
        SigV4Auth(self.credentials, "execute-api", region).add_auth(request)
        return dict(request.headers.items())


def verify(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> tuple[str, str]:
    """The account that has signed the request, and ''; or '' and the kind of the refusal."""
    sent = {name.lower(): value for name, value in headers.items()}
    scope = SCOPE.match(sent.get("authorization", ""))
    if not scope:
        return "", "MISSING_AUTHENTICATION_TOKEN"
    signer = Signer(scope[1].removeprefix("AKIA"))
    named = re.search(r"SignedHeaders=([^,]+)", sent["authorization"])
    kept = {name: sent[name] for name in (named[1].split(";") if named else ()) if name in sent}
    request = AWSRequest(method, url, headers=kept, data=body)
    auth = SigV4Auth(signer.credentials, "execute-api", scope[2])
    request.context["timestamp"] = sent.get("x-amz-date", "")
    text = auth.string_to_sign(request, auth.canonical_request(request))
    good = sent["authorization"].endswith(f"Signature={auth.signature(text, request)}")
    return (signer.account, "") if good else ("", "INVALID_SIGNATURE")


def allows(policy: str, account: str, own: str, resource: str) -> bool:
    """Whether an API's resource policy ('' for none) lets an account ('' for none) call `<stage>/<method>/<path>`.

    The API's own account is let in by its own policies, which are not looked at here.
    """
    if not policy or account == own:
        return account in ("", own)
    for statement in json.loads(policy)["Statement"]:
        places = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        admitted = statement.get("Condition", {}).get("StringEquals", {}).get("aws:PrincipalAccount")
        matches = any(fnmatchcase(resource, place.removeprefix("execute-api:/")) for place in places)
        if matches and (admitted is None or account in admitted):
            return True
    return False


def refusal(gateway: Any, rest_api: str, kind: str) -> tuple[int, bytes]:
    """Status and body of the gateway's answer of that kind."""
    sentence = SENTENCES[kind]
    try:
        answer = gateway.get_gateway_response(restApiId=rest_api, responseType=kind)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NotFoundException":
            raise
        return 403, json.dumps({"message": sentence}).encode()
    body: str = answer["responseTemplates"]["application/json"]
    return int(answer["statusCode"]), body.replace("$context.error.messageString", json.dumps(sentence)).encode()
