"""The settings of a deployment, read from the environment here and nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from chalicelib.container_cache import once_per_container

# The value where no environment is set, so that `import app` works; a deploy with it is refused.
UNSET_STREAM: Final = "arn:aws:dynamodb:us-east-1:000000000000:table/unset/stream/unset"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a deployment; each field is the environment variable of the same name in upper case."""

    stage: str
    subjects_table: str
    keys_table: str
    exchange_table: str
    files_bucket: str
    report_files_queue: str
    report_chunks_queue: str
    roster_files_queue: str
    roster_chunks_queue: str
    subjects_stream_arn: str
    closures_topic_arn: str
    platform_topic_prefix: str
    digest_key_secret: str
    statement_key_secret: str
    serious_violations_url: str
    feeds_from_loopback: str
    public_url: str
    national_licences_url: str
    display_links_online: str
    licence_months: str
    usage_shared: str
    sign_in_links: str
    oidc_issuer: str
    oidc_client_id: str
    epoch: str

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Settings":
        """The settings of this environment; a missing variable is named (an empty one counts as set)."""
        missing = [field.name.upper() for field in fields(cls) if field.name.upper() not in environ]
        if missing:
            raise LookupError("environment variables not set: " + ", ".join(missing))
        return cls(**{field.name: environ[field.name.upper()] for field in fields(cls)})


@dataclass(frozen=True, slots=True)
class Sources:
    """The names that the decorators of `app.py` need at import, before any setting is required."""

    report_files_queue: str
    report_chunks_queue: str
    roster_files_queue: str
    roster_chunks_queue: str
    subjects_stream_arn: str


def event_sources() -> Sources:
    """The queues and the stream that start functions, with names derived from the stage where none is set."""
    stage = os.environ.get("STAGE", "dev")
    return Sources(
        os.environ.get("REPORT_FILES_QUEUE", f"lianfang-report-files-{stage}"),
        os.environ.get("REPORT_CHUNKS_QUEUE", f"lianfang-report-chunks-{stage}"),
        os.environ.get("ROSTER_FILES_QUEUE", f"lianfang-roster-files-{stage}"),
        os.environ.get("ROSTER_CHUNKS_QUEUE", f"lianfang-roster-chunks-{stage}"),
        os.environ.get("SUBJECTS_STREAM_ARN", UNSET_STREAM),
    )


@once_per_container
def settings() -> Settings:
    """This container's settings."""
    return Settings.read(os.environ)


def gateway_asks_for_signatures() -> bool:
    """Whether the gateway admits participants only with the signature of an AWS account (`gateway_auth: iam`)."""
    return os.environ.get("GATEWAY_AUTH", "") == "iam"


def trace_daemon() -> str:
    """Where the calls of a traced function are written down, as `host:port`; '' where there is no X-Ray."""
    return os.environ.get("AWS_XRAY_DAEMON_ADDRESS", "") if os.environ.get("TRACED", "") == "yes" else ""


def trace_header() -> str:
    """The trace of the invocation that is being served, which Lambda sets anew for each; '' without one.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    return os.environ.get("_X_AMZN_TRACE_ID", "")


def metrics_are_off() -> bool:
    """Whether no metrics are wanted; the variable is that of Powertools."""
    return os.environ.get("POWERTOOLS_METRICS_DISABLED", "") == "true"


def is_on_lambda() -> bool:
    """Whether this process is a function of Lambda."""
    return bool(os.environ.get("AWS_LAMBDA_FUNCTION_NAME"))


def is_local_cloud() -> bool:
    """Whether a server on this machine stands in for AWS."""
    return bool(os.environ.get("AWS_ENDPOINT_URL"))


def process_environment(path: str) -> dict[str, str]:
    """The environment of a process that handles bytes of strangers: what an interpreter needs to find its libraries
    (`path` is its PYTHONPATH), and nothing of what this process may do."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": path}
