"""How far a restore is: a record in the bucket, `deployed/<stage>-restore.json`, written after each step.

A restore that broke off goes on where it stopped; until it is done no deploy is let at the stage.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from infra.aws import DeployError
from infra.settings import TABLES, output_of


@dataclass(slots=True)
class Restore:
    """One restore. `to`: the moment, `at` when it began, `closed_at` when intake was stopped (ISO 8601, UTC).

    `outputs`: those of the stack before it; `epoch` and `suffix` what it brings; `mappings` and `rules`: what was
    enabled before; `ends`: the place up to which each log is kept; `done`: the steps; `places`: how far a step is that
    takes long; `seconds`: what each step took; `lost` and `taken_away`: what the report says.
    """

    stage: str
    to: str
    at: str
    epoch: int
    suffix: str
    outputs: dict[str, str]
    closed_at: str = ""
    mappings: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    ends: dict[str, int] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    lost: dict[str, Any] = field(default_factory=dict)
    taken_away: dict[str, list[str]] = field(default_factory=dict)
    done_at: str = ""

    @property
    def bucket(self) -> str:
        """The bucket of files, which stays the same."""
        return self.outputs["FilesBucket"]

    @property
    def moment(self) -> datetime:
        """The moment to go back to."""
        return datetime.fromisoformat(self.to)

    def before(self, table: str) -> str:
        """The name of the table in use before."""
        return self.outputs[output_of(table)]

    def after(self, table: str) -> str:
        """The name of the restored table."""
        return f"lianfang-{table}-{self.stage}{self.suffix}"

    @property
    def tables(self) -> dict[str, str]:
        """The restored table of each table in use before."""
        return {self.before(table): self.after(table) for table in TABLES}


def record_key(stage: str) -> str:
    """Where the record of a stage's restore is."""
    return f"deployed/{stage}-restore.json"


def read(s3: Any, bucket: str, stage: str) -> Restore | None:
    """The stage's last restore, done or not; None when there was none."""
    try:
        body = s3.get_object(Bucket=bucket, Key=record_key(stage))["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("NoSuchKey", "NoSuchBucket"):
            raise
        return None
    return Restore(**json.loads(body))


def write(s3: Any, restore: Restore) -> None:
    """Keep how far the restore is."""
    body = json.dumps(asdict(restore), indent=1, ensure_ascii=False).encode()
    s3.put_object(Bucket=restore.bucket, Key=record_key(restore.stage), Body=body)


def refuse_while_restoring(s3: Any, bucket: str, stage: str) -> None:
    """Raise `DeployError` while a restore of the stage is not done: a deploy would open what it has closed."""
    restore = read(s3, bucket, stage)
    if restore and not restore.done_at:
        raise DeployError(
            f"{stage} is being put back to {restore.to}, which broke off after {', '.join(restore.done) or 'nothing'}: "
            f"go on with `python -m infra.restore --stage {stage} --to {restore.to} --confirm {stage}`"
        )
