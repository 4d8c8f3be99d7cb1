"""The exchange that the rehearsal deployed: requests to its API, uploads to its bucket, calls of its functions."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import requests

from chalicelib.values.records import Json
from infra.aws import DeployError, client, wait_for
from infra.deploy import Result
from infra.moto_cloud import Functions
from infra.rehearsal.gateway import Gateway

NAME: Final = "北京星河样例商贸有限公司"
USCC: Final = "91110108MA01ABCD84"


def expect(holds: object, expectation: str) -> None:
    """Stop the rehearsal when something is not as it must be."""
    if not holds:
        raise DeployError(expectation)


@dataclass
class Journey:
    """The deployed exchange and the clients to call it with."""

    functions: Functions
    result: Result
    gateway: Gateway

    def ask(self, method: str, path: str, body: Any = None, key: str = "", status: int = 200) -> Any:
        """Send a request to the deployed API, expect the status, return the JSON."""
        answer = self.gateway.send(method, path, body, key)
        expect(answer.status == status, f"{method} {path}: {answer.status} {answer.body.decode()}")
        return answer.json()

    def expect_no_failure(self) -> None:
        """Stop when a function has raised; a queue or the stream would try it again, and moto hides it."""
        expect(not self.functions.failures, f"functions failed: {self.functions.failures}")

    def invoke(self, function: str, event: Any) -> Any:
        """Call a function as its schedule or an operator does; its answer."""
        arn = self.result.deployed.functions[function]
        answer = client("lambda").invoke(FunctionName=arn, Payload=json.dumps(event))
        self.expect_no_failure()
        return json.loads(answer["Payload"].read())

    def admit(self, name: str, **more: str) -> Json:
        """Admit a platform with the operator's key."""
        wanted = {"id": name, "name": name, "role": "platform", **more}
        admitted: Json = self.ask("POST", "/v1/platforms", wanted, str(self.result.operator_key), status=201)
        return admitted

    def post(self, form: Json, body: bytes) -> None:
        """Post a file with a form of the API; the function that signed the form must be allowed to write the file."""
        signed = ["s3", "PutObject", {"Bucket": self.result.outputs["FilesBucket"], "Key": form["fields"]["key"]}]
        self.functions.calls["api_handler"].append(signed)
        posted = requests.post(form["url"], data=form["fields"], files={"file": ("file", body)}, timeout=120)
        expect(posted.ok, f"posting to the bucket: {posted.status_code} {posted.text}")

    def report(self, key: str) -> Json:
        """Post a file of two rows, one of them bad, straight to the bucket; the report when it is done."""
        day = (datetime.now(UTC) - timedelta(days=2)).date()
        rows = [
            "统一社会信用代码,主体名称,店铺名称,清退日期,清退原因,证据等级",
            f"{USCC},{NAME},星河样例旗舰店,{day},销售假冒注册商标的商品,E3",
            f"{USCC[:-1]},北京星河坏行有限公司,,{day},售假,E2",
        ]
        return self.send("reports", "report_id", rows, key)

    def send(self, kind: str, ident: str, rows: list[str], key: str) -> Json:
        """Post a table of a kind straight to the bucket by the form of the API; how it stands when it is done."""
        opened = self.ask("POST", f"/v1/{kind}/uploads", {"file_name": "名单.csv"}, key, status=202)
        self.post(opened["upload"], "\n".join(rows).encode("gb18030"))

        def done() -> Json | None:
            self.expect_no_failure()
            state: Json = self.ask("GET", f"/v1/{kind}/{opened[ident]}", key=key)
            return state if state["status"] in ("done", "refused") else None

        return wait_for(done, seconds=60, every=0.2, subject=kind)

    def verdict(self, key: str, **asked: str) -> Json:
        """The deployed API's verdict on an applicant."""
        answer: Json = self.ask("POST", "/v1/lookups", {**asked, "purpose": "onboarding"}, key)
        return answer
