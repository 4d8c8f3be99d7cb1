"""Settings that moto's CloudFormation silently ignores, asserted on the template itself."""

import subprocess
import sys
from pathlib import Path

import pytest
from cfnlint.decode import decode_str

from chalicelib.government_lists.rules.feed import FEEDS
from chalicelib.handlers.events.last_try import MOST_TRIES
from infra.settings import FOR_DEPLOY_ONLY, variable
from infra.stack import KEEP_DATA, TEMPLATE, template_body
from tests.infra.project import ROOT, config, function_names, properties, resources, template, text

KEY = {"Fn::GetAtt": ["Key", "Arn"]}
DATA = (
    *("Key", "DigestKey", "StatementKey", "SubjectsTable", "KeysTable", "ExchangeTable"),
    *("FilesBucket", "AccessLogBucket"),
)
MOST_BYTES = 51_200
ALARMS = properties("AWS::CloudWatch::Alarm")


def alarms_on(metric: str) -> list[dict]:
    """The alarms on one metric."""
    return [alarm for alarm in ALARMS.values() if alarm.get("MetricName") == metric]


def functions_watched(metric: str) -> set[str]:
    """The functions on whose metric there is an alarm."""
    return {text(alarm["Dimensions"][0]["Value"]) for alarm in alarms_on(metric) if alarm["Namespace"] == "AWS/Lambda"}


def summed(alarm: str) -> set[tuple[str, str]]:
    """Metric and dimension of each metric that an alarm on a sum adds up."""
    [total] = [metric for metric in ALARMS[alarm]["Metrics"] if metric["ReturnData"]]
    assert total["Expression"] == "SUM(METRICS())"
    metrics = [metric["MetricStat"]["Metric"] for metric in ALARMS[alarm]["Metrics"] if "MetricStat" in metric]
    return {(metric["MetricName"], str(metric["Dimensions"][0]["Value"])) for metric in metrics}


def statements(policy: str) -> dict[str, dict]:
    """The statements of one policy, by id."""
    document = template()["Resources"][policy]["Properties"]["PolicyDocument"]
    return {statement["Sid"]: statement for statement in document["Statement"]}


def files_bucket() -> dict:
    """The properties of the bucket of files."""
    return properties("AWS::S3::Bucket")["FilesBucket"]


@pytest.mark.slow
def test_cfn_lint_has_nothing_to_say() -> None:
    command = [str(Path(sys.executable).with_name("cfn-lint")), str(TEMPLATE)]
    result = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (result.returncode, result.stdout) == (0, "")


def test_the_template_is_sent_in_a_size_that_cloudformation_takes_and_says_the_same() -> None:
    written = (ROOT / TEMPLATE).read_text("utf-8")
    sent = template_body(written)
    assert len(sent.encode()) < 0.9 * MOST_BYTES, "with room for what comes next"
    assert decode_str(sent)[0] == decode_str(written)[0]


@pytest.mark.parametrize("name", DATA)
def test_data_outlives_its_stack_and_every_update(name: str) -> None:
    resource = template()["Resources"][name]
    assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
    assert resource["UpdateReplacePolicy"] == "Retain"
    [denied] = [statement for statement in KEEP_DATA["Statement"] if statement["Effect"] == "Deny"]
    assert f"LogicalResourceId/{name}" in denied["Resource"]
    assert denied["Action"] == ["Update:Replace", "Update:Delete"]


@pytest.mark.parametrize("name", ["SubjectsTable", "KeysTable", "ExchangeTable"])
def test_tables_are_encrypted_backed_up_and_protected(name: str) -> None:
    table = properties("AWS::DynamoDB::Table")[name]
    assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["DeletionProtectionEnabled"] == {"Fn::If": ["IsProtected", True, False]}
    if name != "ExchangeTable":
        assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert "GlobalSecondaryIndexes" not in table


def test_the_exchange_table_is_priced_by_request_unless_units_are_asked_for() -> None:
    table = properties("AWS::DynamoDB::Table")["ExchangeTable"]
    units = {"Ref": "ExchangeUnits"}
    assert template()["Parameters"]["ExchangeUnits"]["Default"] == 0
    assert table["BillingMode"] == {"Fn::If": ["IsProvisioned", "PROVISIONED", "PAY_PER_REQUEST"]}
    throughput = {"ReadCapacityUnits": units, "WriteCapacityUnits": units}
    assert table["ProvisionedThroughput"] == {"Fn::If": ["IsProvisioned", throughput, {"Ref": "AWS::NoValue"}]}
    targets = resources("AWS::ApplicationAutoScaling::ScalableTarget")
    policies = properties("AWS::ApplicationAutoScaling::ScalingPolicy").values()
    followed = {policy["ScalingTargetId"]["Ref"] for policy in policies}
    assert followed == set(targets)
    assert {target["Condition"] for target in targets.values()} == {"IsProvisioned"}
    assert {target["Properties"]["ScalableDimension"] for target in targets.values()} == {
        "dynamodb:table:ReadCapacityUnits",
        "dynamodb:table:WriteCapacityUnits",
    }
    assert all(target["Properties"]["MinCapacity"] == units for target in targets.values())


def test_the_gateway_decides_what_is_traced_and_not_in_china() -> None:
    [rule] = resources("AWS::XRay::SamplingRule").values()
    assert rule["Condition"] == "IsTraced"
    assert rule["Properties"]["SamplingRule"]["ServiceType"] == "AWS::ApiGateway::Stage"
    sampling = rule["Properties"]["SamplingRule"]
    assert (sampling["ReservoirSize"], sampling["FixedRate"]) == (0, 0.01)


def test_each_table_has_its_key_its_stream_and_its_expiry() -> None:
    tables = properties("AWS::DynamoDB::Table")
    keys = {text(table["TableName"]): table["KeySchema"] for table in tables.values()}
    assert keys == {
        "lianfang-subjects-prod": [{"AttributeName": "subject_id", "KeyType": "HASH"}],
        "lianfang-keys-prod": [{"AttributeName": "key", "KeyType": "HASH"}],
        "lianfang-exchange-prod": [{"AttributeName": "id", "KeyType": "HASH"}],
    }
    streams = {name for name, table in tables.items() if "StreamSpecification" in table}
    assert streams == {"SubjectsTable"}
    assert tables["SubjectsTable"]["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    expiring = {
        name: table["TimeToLiveSpecification"] for name, table in tables.items() if "TimeToLiveSpecification" in table
    }
    assert expiring == {"ExchangeTable": {"AttributeName": "expires_at", "Enabled": True}}


def test_the_bucket_of_files_is_encrypted_and_versioned() -> None:
    bucket = files_bucket()
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"] == [
        {
            "BucketKeyEnabled": True,
            "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY},
        }
    ]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}


@pytest.mark.parametrize("name", ["FilesBucket", "AccessLogBucket"])
def test_every_bucket_is_private_and_only_for_tls(name: str) -> None:
    bucket = properties("AWS::S3::Bucket")[name]
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    statement = statements(f"{name}Policy")["OnlyOverTls"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": False}}
    assert statement["Resource"] == [{"Fn::GetAtt": [name, "Arn"]}, {"Fn::Sub": f"${{{name}.Arn}}/*"}]


def test_each_access_to_a_file_is_logged_in_a_bucket_that_s3_may_write_to() -> None:
    logging = files_bucket()["LoggingConfiguration"]
    assert logging == {
        "DestinationBucketName": {"Ref": "AccessLogBucket"},
        "LogFilePrefix": "files/",
        "TargetObjectKeyFormat": {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}},
    }
    bucket = properties("AWS::S3::Bucket")["AccessLogBucket"]
    # S3 delivers no log to a bucket that is encrypted by KMS, and none of a bucket into itself is made here.
    [encryption] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    assert "LoggingConfiguration" not in bucket
    [rule] = bucket["LifecycleConfiguration"]["Rules"]
    assert (rule["Prefix"], rule["Status"], rule["ExpirationInDays"]) == ("files/", "Enabled", 1130)
    allowed = statements("AccessLogBucketPolicy")["FilesBucketIsLogged"]
    assert allowed["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert allowed["Action"] == "s3:PutObject"
    assert allowed["Resource"] == {"Fn::Sub": "${AccessLogBucket.Arn}/files/*"}
    source = allowed["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::Sub"]
    assert source.rpartition(":::")[2] == files_bucket()["BucketName"]["Fn::Sub"]
    assert allowed["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}


def test_the_bucket_lets_go_of_what_is_not_needed() -> None:
    bucket = files_bucket()
    rules = {rule.get("Prefix", ""): rule for rule in bucket["LifecycleConfiguration"]["Rules"]}
    assert {rule["Status"] for rule in rules.values()} == {"Enabled"}
    assert rules["chunks/"]["ExpirationInDays"] == 7
    assert rules["reports/"]["ExpirationInDays"] == 30
    assert rules["drafts/"]["ExpirationInDays"] == 1
    assert rules["drafts/"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    assert rules[""]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    assert rules[""]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 90}
    # Evidence, results and originals of lists are not thrown away by age.
    assert not any(rules.get(prefix, {}).get("ExpirationInDays") for prefix in ("", "feeds/", "evidence/", "results/"))


def test_the_bucket_may_notify_the_queues_of_reports_and_rosters_and_does() -> None:
    bucket = files_bucket()
    configurations = bucket["NotificationConfiguration"]["QueueConfigurations"]
    assert {configuration["Event"] for configuration in configurations} == {"s3:ObjectCreated:*"}
    queues = {
        configuration["Filter"]["S3Key"]["Rules"][0]["Value"]: configuration["Queue"]["Fn::GetAtt"][0]
        for configuration in configurations
    }
    assert queues == {"reports/": "ReportFilesQueue", "rosters/incoming/": "RosterFilesQueue"}
    for policy in properties("AWS::SQS::QueuePolicy").values():
        [statement] = policy["PolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "s3.amazonaws.com"}
        assert statement["Action"] == "sqs:SendMessage"
        source = statement["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::Sub"]
        assert source.rpartition(":::")[2] == bucket["BucketName"]["Fn::Sub"]
        assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    policies = ["ReportFilesQueuePolicy", "RosterFilesQueuePolicy", "AccessLogBucketPolicy"]
    assert resources("AWS::S3::Bucket")["FilesBucket"]["DependsOn"] == policies


def test_the_key_lets_in_the_two_services_that_act_without_a_role() -> None:
    [key] = properties("AWS::KMS::Key").values()
    assert key["EnableKeyRotation"] is True
    services = {
        statement["Principal"]["Service"]: (statement["Action"], statement["Condition"])
        for statement in key["KeyPolicy"]["Statement"]
        if "Service" in statement["Principal"]
    }
    same_account = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert services == {
        "s3.amazonaws.com": (["kms:GenerateDataKey", "kms:Decrypt"], same_account),
        "cloudwatch.amazonaws.com": (["kms:GenerateDataKey*", "kms:Decrypt"], same_account),
    }


def test_queues_topics_and_secret_are_encrypted_with_the_key() -> None:
    for kind in ("AWS::SQS::Queue", "AWS::SNS::Topic"):
        assert all(resource["KmsMasterKeyId"] == KEY for resource in properties(kind).values())
    for secret in properties("AWS::SecretsManager::Secret").values():
        assert secret["KmsKeyId"] == KEY
        assert secret["GenerateSecretString"]["PasswordLength"] == 64


def test_each_queue_that_triggers_a_function_waits_long_enough_and_has_dead_letters() -> None:
    queues = properties("AWS::SQS::Queue")
    triggered = {"ReportFilesQueue": "report_file_arrived", "ReportChunksQueue": "report_chunk_arrived"}
    triggered |= {"RosterFilesQueue": "roster_file_arrived", "RosterChunksQueue": "roster_chunk_arrived"}
    for name, function in triggered.items():
        assert queues[name]["VisibilityTimeout"] == 6 * config()["lambda_functions"][function]["lambda_timeout"]
        assert queues[name]["RedrivePolicy"] == {
            "deadLetterTargetArn": {"Fn::GetAtt": [name.replace("Queue", "DeadQueue"), "Arn"]},
            "maxReceiveCount": MOST_TRIES + 1,
        }
    fortnight = {queue["MessageRetentionPeriod"] for queue in queues.values()}
    assert fortnight == {14 * 24 * 3600}


def test_alarms_may_publish_and_the_closures_policy_is_left_to_run_time() -> None:
    [policy] = properties("AWS::SNS::TopicPolicy").values()
    assert policy["Topics"] == [{"Ref": "AlarmsTopic"}]
    [statement] = statements("AlarmsTopicPolicy").values()
    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    [subscription] = resources("AWS::SNS::Subscription").values()
    assert subscription["Condition"] == "HasAlarmEmail"


def test_every_function_has_a_log_group_that_ends() -> None:
    groups = {
        text(group["LogGroupName"]): group["RetentionInDays"] for group in properties("AWS::Logs::LogGroup").values()
    }
    of_functions = {f"/aws/lambda/{name}": 180 for name in function_names().values()}
    assert groups == {**of_functions, "/aws/apigateway/lianfang-prod": 180}


def test_every_alarm_reaches_the_alarms_topic() -> None:
    assert all(alarm["AlarmActions"] == [{"Ref": "AlarmsTopic"}] for alarm in ALARMS.values())
    names = [text(alarm["AlarmName"]) for alarm in ALARMS.values()]
    assert len(set(names)) == len(names)
    assert all(name.startswith("lianfang-prod-") for name in names)


def test_every_dead_letter_raises_an_alarm() -> None:
    dead = {name for name in properties("AWS::SQS::Queue") if name.endswith("DeadQueue")}
    assert len(dead) == 6
    watched = {
        alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0]
        for alarm in alarms_on("ApproximateNumberOfMessagesVisible")
        if (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")
    }
    assert watched == dead


def test_every_function_raises_an_alarm_when_it_fails() -> None:
    assert functions_watched("Errors") == set(function_names().values())


def test_every_function_and_table_is_watched_for_throttling() -> None:
    [functions] = alarms_on("Throttles")
    # Without dimensions it counts every function of the account in this region.
    assert ("Dimensions" in functions, functions["Namespace"]) == (False, "AWS/Lambda")
    assert summed("TablesThrottled") == {
        (metric, str({"Fn::Sub": f"lianfang-{table.removesuffix('Table').lower()}-${{Stage}}${{TableSuffix}}"}))
        for metric in ("ReadThrottleEvents", "WriteThrottleEvents")
        for table in properties("AWS::DynamoDB::Table")
    }


def test_a_late_stream_and_a_failing_api_raise_alarms() -> None:
    late = functions_watched("IteratorAge")
    assert late == {"lianfang-prod-subject_indexed", "lianfang-prod-subject_announced"}
    [api] = alarms_on("5XXError")
    assert api["Dimensions"] == [
        {"Name": "ApiName", "Value": config()["app_name"]},
        {"Name": "Stage", "Value": {"Ref": "Stage"}},
    ]
    assert {name: stage["api_gateway_stage"] for name, stage in config()["stages"].items()} == {
        "dev": "dev",
        "prod": "prod",
    }


def test_every_government_list_raises_an_alarm_before_it_is_too_old() -> None:
    by_feed = {alarm["Dimensions"][0]["Value"]: alarm for alarm in alarms_on("FeedAgeSeconds")}
    assert by_feed.keys() == FEEDS.keys()
    for name, alarm in by_feed.items():
        assert alarm["Namespace"] == "Lianfang"
        assert [dimension["Name"] for dimension in alarm["Dimensions"]] == ["feed", "service"]
        service = config()["stages"]["prod"]["environment_variables"]["POWERTOOLS_SERVICE_NAME"]
        assert text(alarm["Dimensions"][1]["Value"]) == service
        assert alarm["Threshold"] <= FEEDS[name].stale_after_seconds / 2
        assert alarm["TreatMissingData"] == {"Fn::If": ["HasSeriousViolationsFeed", "breaching", "notBreaching"]}


def test_every_output_is_a_setting_or_for_the_deploy() -> None:
    from dataclasses import fields

    from chalicelib.settings import Settings

    outputs = {variable(name) for name in template()["Outputs"] if name not in FOR_DEPLOY_ONLY}
    assert outputs <= {field.name.upper() for field in fields(Settings)}
    assert template()["Outputs"].keys() >= FOR_DEPLOY_ONLY
