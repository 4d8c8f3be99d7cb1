"""The form with which a platform posts a file: moto takes any, AWS takes only what is asserted here."""

import base64
import json
import os
import subprocess
import sys

import pytest

from tests.infra.project import ROOT

KEY = "reports/shop-a/r_1/evictions.csv"
HOSTS = {
    "us-east-1": "https://lianfang-files-dev-1.s3.amazonaws.com/",
    "ap-northeast-1": "https://lianfang-files-dev-1.s3.ap-northeast-1.amazonaws.com/",
    "cn-north-1": "https://lianfang-files-dev-1.s3.cn-north-1.amazonaws.com.cn/",
}
# In a process of its own: boto3 remembers the region of the first client.
FORM = f"""
import json
from chalicelib import wiring
print(json.dumps(wiring.bucket().upload_form({KEY!r}, 200, 3600)))
"""


@pytest.mark.parametrize("region", sorted(HOSTS))
def test_a_form_is_signed_anew_for_its_region_and_bounded(region: str) -> None:
    environment = {**os.environ, "AWS_DEFAULT_REGION": region, "FILES_BUCKET": "lianfang-files-dev-1"}
    command = [sys.executable, "-c", FORM]
    run = subprocess.run(command, check=True, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    form = json.loads(run.stdout)
    assert form["url"] == HOSTS[region]
    fields = form["fields"]
    assert fields["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
    assert f"/{region}/s3/" in fields["x-amz-credential"]
    conditions = json.loads(base64.b64decode(fields["policy"]))["conditions"]
    assert ["content-length-range", 0, 200] in conditions
    assert {"key": KEY} in conditions
    assert {"bucket": "lianfang-files-dev-1"} in conditions
