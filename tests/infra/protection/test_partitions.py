"""ARNs, hosts and principals are right in every partition of AWS: none is written down that holds in one alone."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.loaders import create_loader

from chalicelib.notices.rules.webhook_and_queue_endpoints import QUEUE
from chalicelib.storage.file_bucket import FileBucket
from examples.receiver.receiver import SNS_HOST
from infra.protection.gateway import stage_arn
from infra.release.live import signature
from infra.settings import POLICIES, read_config, write_policies, write_settings
from tests.infra.project import ROOT, template
from tests.infra.test_deploy import OUTPUTS, project

__all__ = ["project"]
SHIPPED = [
    *(path for folder in ("chalicelib", "infra") for path in (ROOT / folder).rglob("*.py")),
    *(ROOT / ".chalice").glob("*.json"),
    ROOT / "infra/template.yaml",
    ROOT / "app.py",
]
ONE_PARTITION = re.compile(r"arn:aws[a-z-]*:|amazonaws\.com|console\.aws|amazon\.com")
# Lines that explain: documentation, and doctests.
EXPLAINS = re.compile(r"https://docs\.|docs\.amazonaws|>>> |^ +'arn:")
# Principals are called so in every partition:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
PRINCIPAL = re.compile(r"Principal: \{Service: (?:s3|logging\.s3|cloudwatch|apigateway)\.amazonaws\.com\}")
# What decides by the partition, and the value that stands where nothing is deployed.
DECIDES = {
    "chalicelib/settings.py": "UNSET_STREAM: Final = ",
    "infra/release/live.py": 'if ".amazonaws.com.cn/" in url',
    "infra/harden.py": 'partition(".amazonaws.com")[2].startswith(".cn")',
}
SUFFIXES = {part["id"]: part["outputs"]["dnsSuffix"] for part in create_loader().load_data("partitions")["partitions"]}
PLACES = [("aws", "us-east-1"), ("aws", "ap-southeast-1"), ("aws-cn", "cn-north-1"), ("aws-cn", "cn-northwest-1")]


def test_no_line_is_written_for_one_partition() -> None:
    wrong = []
    for path in SHIPPED:
        name = str(path.relative_to(ROOT))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            decided = DECIDES.get(name, "\0") in line
            if ONE_PARTITION.search(PRINCIPAL.sub("", line)) and not EXPLAINS.search(line) and not decided:
                wrong.append(f"{name}:{number}: {line.strip()}")
    assert wrong == []


def test_every_arn_of_the_template_has_the_partition_of_its_stack() -> None:
    arns = re.findall(r'arn:[^"]*', json.dumps(template()))
    assert len(arns) > 5
    assert [arn for arn in arns if not arn.startswith("arn:${AWS::Partition}:")] == []


@pytest.mark.parametrize(("partition", "region"), PLACES)
def test_policies_and_settings_follow_the_partition(project: Path, partition: str, region: str) -> None:
    outputs = {name: _moved(value, partition, region) for name, value in OUTPUTS.items()}
    write_policies(project, "dev", outputs)
    written = "".join(path.read_text("utf-8") for path in (project / POLICIES / "dev").iterdir())
    assert {arn.split(":")[1] for arn in re.findall(r"arn:[^\"]+", written)} == {partition}
    write_settings(project, "dev", outputs)
    # https://docs.amazonaws.cn/en_us/aws/latest/userguide/lambda.html: no X-Ray for functions in China.
    stage = read_config(project, "dev")["stages"]["dev"]
    assert stage["xray"] is (partition != "aws-cn")
    assert stage["environment_variables"]["TRACED"] == ("" if partition == "aws-cn" else "yes")


def _moved(value: str, partition: str, region: str) -> str:
    return value.replace("arn:aws-cn:", f"arn:{partition}:").replace("cn-north-1", region)


@pytest.mark.parametrize(("partition", "region"), PLACES)
def test_hosts_are_those_of_the_region(monkeypatch: pytest.MonkeyPatch, partition: str, region: str) -> None:
    suffix = SUFFIXES[partition]
    s3 = boto3.client(
        "s3", region_name=region, config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"})
    )
    bucket = FileBucket(s3, "lianfang-files-prod")
    for link in (bucket.link("evidence/a", 60), bucket.upload_form("reports/a", 1, 60)["url"]):
        # us-east-1 keeps the host from before there were regions.
        place = "s3" if region == "us-east-1" else f"s3.{region}"
        assert urlsplit(link).hostname == f"lianfang-files-prod.{place}.{suffix}"
    assert SNS_HOST.fullmatch(f"sns.{region}.{suffix}")
    assert QUEUE.fullmatch(f"arn:{partition}:sqs:{region}:123456789012:q")
    log = {"GatewayLogArn": f"arn:{partition}:logs:{region}:123456789012:log-group:/a"}
    assert stage_arn(log, "api", "prod") == f"arn:{partition}:apigateway:{region}::/restapis/api/stages/prod"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    signed = signature(f"https://abcde12345.execute-api.{region}.{suffix}/prod/ready")
    assert f"/{region}/execute-api/aws4_request" in signed["Authorization"]
