"""Each function has its configuration and a policy that allows what it needs, on what exists, and no more."""

import re
from dataclasses import fields

import pytest

from chalicelib.dead_letters.rules.dead_letter import QUEUES, WORK_QUEUES
from chalicelib.government_lists import hold_preview
from chalicelib.government_lists.keep_rejections import rejections_key
from chalicelib.settings import Settings
from chalicelib.storage.item_keys import account_keys, numbered_log_keys, probing_keys
from chalicelib.storage.item_keys.people import audit_keys, decision_keys, person_keys
from chalicelib.storage.item_kinds.account_kinds import KINDS
from chalicelib.storage.item_kinds.people import audit_kinds, decision_kinds, person_kinds
from infra.rehearsal import permissions
from infra.settings import FOR_DEPLOY_ONLY, variable
from tests.infra.project import NAMES, ROOT, STAGE, as_list, config, function_names, policy, properties, template, text

FUNCTIONS = sorted(function_names())
PREFIXES = (
    "reports",
    "drafts",
    "chunks",
    "results",
    "rosters/incoming",
    "rosters/kept",
    "snapshots",
    "feeds",
    "evidence",
    "rosters",
    "licences",
    "trust",
)
READING = {"GetItem", "BatchGetItem"}


def arn(service: str, rest: str, *, local: bool = True) -> str:
    where = f"{NAMES['Region']}:{NAMES['Account']}" if local else ":"
    return f"arn:{NAMES['Partition']}:{service}:{where}:{rest}"


def things() -> set[str]:
    """The ARN of everything that the stack makes, and of the topics that are made for each platform."""
    tables = {text(table["TableName"]) for table in properties("AWS::DynamoDB::Table").values()}
    # No function has business with the other bucket, the access log.
    bucket = text(properties("AWS::S3::Bucket")["FilesBucket"]["BucketName"])
    secrets = [text(secret["Name"]) for secret in properties("AWS::SecretsManager::Secret").values()]
    prefix = text(template()["Outputs"]["PlatformTopicPrefix"]["Value"])
    return (
        {arn("dynamodb", f"table/{name}") for name in tables}
        | {arn("dynamodb", f"table/lianfang-subjects-{STAGE}/stream/*")}
        | {arn("s3", bucket, local=False)}
        | {
            arn("s3", f"{bucket}/{prefix}/*", local=False)
            for prefix in (
                *PREFIXES,
                "feeds/*/dropped",
                *(f"results/{name}" for name in ("identity", "restricted", "feed-rejections", "feed-previews")),
            )
        }
        | {arn("lambda", f"function:lianfang-{STAGE}:live")}
        | {arn("sqs", text(queue["QueueName"])) for queue in properties("AWS::SQS::Queue").values()}
        | {arn("sns", text(topic["TopicName"])) for topic in properties("AWS::SNS::Topic").values()}
        | {arn("sns", f"{prefix}*"), NAMES["KeyArn"]}
        | {arn("secretsmanager", f"secret:{name}-??????") for name in secrets}
        | {arn("secretsmanager", f"secret:lianfang/{STAGE}/feeds/*")}
        | {
            arn("secretsmanager", f"secret:lianfang/{STAGE}/{name}-??????")
            for name in ("national-licences", "oidc-client")
        }
        | {
            arn("logs", f"log-group:{text(group['LogGroupName'])}:*")
            for group in properties("AWS::Logs::LogGroup").values()
        }
    )


def allowed(function: str, service: str) -> set[tuple[str, str]]:
    """The permissions of a function on a service: the action's name and the resource's last part."""
    return {
        (action.partition(":")[2], resource.rpartition(":")[2].removeprefix("table/").replace(f"-{STAGE}", ""))
        for statement in policy(function)
        for action in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
        if action.startswith(f"{service}:") and statement["Effect"] == "Allow"
    }


def tables(function: str) -> dict[str, set[str]]:
    """The actions that a function may take on each table."""
    actions_by_table: dict[str, set[str]] = {}
    for action, table in allowed(function, "dynamodb"):
        if "/stream" not in table:
            actions_by_table.setdefault(table.removeprefix("lianfang-"), set()).add(action)
    return actions_by_table


@pytest.mark.parametrize("function", FUNCTIONS)
def test_only_actions_without_resources_are_allowed_on_everything(function: str) -> None:
    # IAM has no resource for a subscription of SNS; the API ends and changes only those that it made for the caller.
    subscriptions = {"sns:SetSubscriptionAttributes", "sns:Unsubscribe"} if function == "api_handler" else set()
    for statement in policy(function):
        assert statement["Effect"] == ("Deny" if statement["Sid"] == "LeaveAccounts" else "Allow")
        assert not any("*" in action for action in as_list(statement["Action"]))
        if "*" in as_list(statement["Resource"]):
            assert all(a.startswith("xray:") or a in subscriptions for a in as_list(statement["Action"]))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_policy_names_only_what_exists(function: str) -> None:
    named = {resource for statement in policy(function) for resource in as_list(statement["Resource"])} - {"*"}
    assert named <= things()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_writes_its_own_log_and_uses_the_key(function: str) -> None:
    [log] = [statement for statement in policy(function) if statement["Action"][0].startswith("logs:")]
    assert log["Resource"] == arn("logs", f"log-group:/aws/lambda/{function_names()[function]}:*")
    assert {action for action, _ in allowed(function, "kms")} == {"Decrypt", "GenerateDataKey"}


def test_who_may_do_what_with_the_tables() -> None:
    read_write = READING | {"PutItem", "UpdateItem"}
    everything = read_write | {"DeleteItem", "Scan"}
    assert {function: tables(function) for function in FUNCTIONS} == {
        "api_handler": {"subjects": read_write, "keys": READING, "exchange": read_write},
        "report_file_arrived": {"subjects": {"BatchGetItem"}, "exchange": read_write},
        "report_chunk_arrived": {"subjects": read_write, "exchange": read_write},
        "roster_file_arrived": {"exchange": read_write},
        "roster_chunk_arrived": {"subjects": READING, "exchange": read_write},
        "snapshot_due": {"subjects": {"Scan"}, "exchange": read_write},
        "subject_indexed": {"subjects": READING, "keys": read_write | {"DeleteItem"}},
        "subject_announced": {"exchange": read_write},
        "feeds_due": {"subjects": read_write, "exchange": read_write},
        "clocks_due": {"subjects": READING, "exchange": read_write},
        "licences_due": {"subjects": READING, "exchange": read_write},
        "notices_due": {"exchange": read_write},
        "rebuild": {"subjects": READING | {"Scan"}, "keys": everything, "exchange": read_write},
    }


def test_no_function_but_the_rebuild_and_the_snapshot_scans() -> None:
    scans = [name for name in FUNCTIONS if "Scan" in {action for action, _ in allowed(name, "dynamodb")}]
    assert scans == ["rebuild", "snapshot_due"]


# What lets a caller in, says who it is, what for and how much it may ask: each kind of item, by its key.
ACCOUNTS = (
    account_keys.credential("c62d5e7d6951"),
    # The purposes that were granted to a platform stand in its account.
    account_keys.platform("alpha"),
    account_keys.PLATFORMS,
    account_keys.limits("platform:alpha"),
    account_keys.session("1"),
    account_keys.claim("k_1"),
    probing_keys.RULE,
    probing_keys.slowed("key:c62d5e7d6951"),
    # Who signs in, what waits for a second person, and what was done.
    person_keys.person("p_1"),
    person_keys.people("alpha"),
    person_keys.invited_email("0f2a"),
    person_keys.sign_in_subject("0f2a"),
    person_keys.sign_in_attempt("0f2a"),
    person_keys.sign_in_link("0f2a"),
    person_keys.person_session("0f2a"),
    decision_keys.SECOND_PERSON_RULE,
    decision_keys.pending_decision("alpha", 7),
    audit_keys.audit_entry("alpha", "2026-11", 7),
    audit_keys.audit_place("2026-11", 7),
    audit_keys.audit_place_of_object("0f2a", 7),
    *(
        numbered_log_keys.head(name)
        for name in (audit_keys.entry_log_name("alpha", "2026-11"), decision_keys.decision_log_name("alpha"))
    ),
)


@pytest.mark.parametrize("function", sorted(set(FUNCTIONS) - {"api_handler"}))
def test_only_the_api_writes_accounts_keys_and_limits(function: str) -> None:
    """What parses files of others in native code could else make itself an operator's key."""
    table = arn("dynamodb", f"table/lianfang-exchange-{STAGE}")
    statements = policy(function)
    for action in ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"):
        may = permissions.allowed(statements, f"dynamodb:{action}", table)
        # The watch for probing, which reads no file, slows keys.
        own = {probing_keys.slowed("key:c62d5e7d6951")} if function == "clocks_due" else set()
        denied = {
            item_id for item_id in ACCOUNTS if permissions.denied(statements, f"dynamodb:{action}", table, [item_id])
        }
        assert not may or denied == set(ACCOUNTS) - own
    assert not permissions.denied(statements, "dynamodb:PutItem", table, ["report#r_1"])
    assert not permissions.denied(policy("api_handler"), "dynamodb:PutItem", table, list(ACCOUNTS))


def test_every_kind_of_item_of_accounts_is_denied_or_a_count() -> None:
    """A new kind of account is met with this list: usage, starts of checks and turns of files are counts."""
    of_people = (*person_kinds.KINDS, *decision_kinds.KINDS, *audit_kinds.KINDS)
    prefixes = {re.split(r"[#:<]", kind.template)[0] for kind in (*KINDS, *of_people)}
    denied = {re.split("[#:]", item_id)[0] for item_id in ACCOUNTS}
    assert prefixes - denied == {"usage", "starts", "turns"}


def test_who_may_publish() -> None:
    closures, platforms = "lianfang-closures", "lianfang-platform-*"
    publish = {
        name: {resource for action, resource in allowed(name, "sns") if action == "Publish"} for name in FUNCTIONS
    }
    assert publish == {
        "api_handler": set(),
        "report_file_arrived": {platforms},
        "report_chunk_arrived": {platforms},
        "roster_file_arrived": {platforms},
        "roster_chunk_arrived": {platforms},
        "snapshot_due": set(),
        "subject_indexed": set(),
        "subject_announced": {closures, platforms},
        "feeds_due": {platforms},
        "clocks_due": {platforms},
        "licences_due": {platforms},
        "notices_due": {closures, platforms},
        "rebuild": {closures, platforms},
    }


def test_the_api_sends_to_work_queues_and_takes_dead_letters_alone() -> None:
    work = {f"lianfang-{name}" for name in WORK_QUEUES}
    dead = {f"lianfang-{name}-dead" for name in QUEUES}
    may = {
        action: {queue for acted, queue in allowed("api_handler", "sqs") if acted == action}
        for action, _ in allowed("api_handler", "sqs")
    }
    taking = dict.fromkeys(("ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility"), dead)
    counting = dict.fromkeys(("GetQueueUrl", "GetQueueAttributes"), work | dead)
    assert may == {"SendMessage": work, **taking, **counting}


def test_each_event_source_can_be_read_by_the_function_that_it_triggers() -> None:
    from app import app

    for source in app.event_sources:
        kind = type(source).__name__
        if kind == "SQSEventConfig":
            queue = source.queue.rpartition("-")[0]
            actions = {action for action, resource in allowed(source.name, "sqs") if resource == queue}
            assert actions >= {"ReceiveMessage", "DeleteMessage", "GetQueueAttributes"}
        elif kind == "DynamoDBEventConfig":
            assert {action for action, resource in allowed(source.name, "dynamodb") if "/stream/" in resource} == {
                "DescribeStream",
                "GetRecords",
                "GetShardIterator",
                "ListStreams",
            }
            assert ("SendMessage", "lianfang-stream-dead") in allowed(source.name, "sqs")
            assert source.starting_position == "TRIM_HORIZON"
        else:
            assert ("SendMessage", "lianfang-schedule-dead") in allowed(source.name, "sqs")


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_every_function_has_its_size_and_its_policy(stage: str) -> None:
    shared, own = config()["lambda_functions"], config()["stages"][stage]["lambda_functions"]
    assert shared.keys() == own.keys() == set(FUNCTIONS)
    for name in FUNCTIONS:
        assert shared[name].keys() == {"lambda_timeout", "lambda_memory_size"}
        assert own[name] == {"iam_policy_file": f"policies/{stage}/{name}.json"}
        assert (ROOT / f".chalice/policy-{name}.json").exists()
    assert shared["api_handler"]["lambda_timeout"] <= 29
    files = {path.stem.removeprefix("policy-") for path in (ROOT / ".chalice").glob("policy-*.json")}
    assert files == set(FUNCTIONS)


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_every_setting_has_a_value_in_every_stage(stage: str) -> None:
    environment = {**config()["environment_variables"], **config()["stages"][stage]["environment_variables"]}
    outputs = {variable(name) for name in template()["Outputs"] if name not in FOR_DEPLOY_ONLY}
    assert {field.name.upper() for field in fields(Settings)} <= outputs | environment.keys()
    assert environment["STAGE"] == stage
    assert environment["RAPIDFUZZ_IMPLEMENTATION"] == "cpp"
    # Written by hand and not by the deploy, so that two stages of one account keep apart.
    assert environment["POWERTOOLS_SERVICE_NAME"] == f"lianfang-{stage}"


def test_what_pulls_keep_of_lists_may_be_written_by_them() -> None:
    for key in (hold_preview.preview_key("some_list", "0" * 16, "ended"), rejections_key("some_list", "0" * 16)):
        resource = arn("s3", f"{text(properties('AWS::S3::Bucket')['FilesBucket']['BucketName'])}/{key}", local=False)
        assert permissions.allowed(policy("feeds_due"), "s3:PutObject", resource), key
        assert permissions.allowed(policy("api_handler"), "s3:GetObject", resource), key


def test_nothing_is_left_to_chalice_to_guess() -> None:
    assert config()["autogen_policy"] is False
    assert config()["lambda_architecture"] == "arm64"
    assert config()["xray"] is True
    # China's regions have no other.
    assert config()["api_gateway_endpoint_type"] == "REGIONAL"
    assert config()["version"] == "2.0"


def test_nobody_but_an_administrator_says_whom_to_trust() -> None:
    for function in FUNCTIONS:
        allowed_here = {action for action, resource in allowed(function, "s3") if "/trust/" in resource}
        assert allowed_here <= {"GetObject"}
        assert not {resource for _, resource in allowed(function, "secretsmanager") if "licence-issuer" in resource}
