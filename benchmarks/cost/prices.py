"""List prices by region, without free tiers and taxes, each with where and when it was read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

AWS: Final = "https://aws.amazon.com/{}/pricing/"
CHINA: Final = "https://www.amazonaws.cn/en/{}/pricing/"
# A cost table of AWS's own for a solution in cn-northwest-1 (Ningxia), in yuan.
NINGXIA: Final = "https://github.com/awslabs/aws-ai-solution-kit/blob/main/docs/zh/include-deploy-cost.md"
# The list as it was in 2025, after the price cut of DynamoDB in November 2024; to be read again before anybody decides.
LIST_OF: Final = "2025"


@dataclass(frozen=True, slots=True)
class Price:
    """A price, where it stands, and of when that is; `nearest` says why it is not this very price."""

    amount: float
    source: str
    of: str = LIST_OF
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class PriceList:
    """The prices of a region in its currency; `traced`: whether Lambda has X-Ray there."""

    currency: str
    traced: bool
    prices: Mapping[str, Price]

    def __getitem__(self, item: str) -> float:
        return self.prices[item].amount

    def sources(self) -> Iterator[str]:
        """A line for each price: amount, source, of when it is, and what it is where it is not this very price."""
        for item, price in self.prices.items():
            why = f"; nearest: {price.nearest}" if price.nearest else ""
            yield f"  {item:48}{price.amount:14.7g}  {price.source}, {price.of}{why}"


def _aws(service: str, **amounts: float) -> dict[str, Price]:
    return {item.replace("_", " "): Price(amount, AWS.format(service)) for item, amount in amounts.items()}


US_EAST_1: Final = PriceList(
    "USD",
    True,
    {
        **_aws("api-gateway", REST_API_million_requests=3.50),
        **_aws("lambda", Lambda_arm64_GB_second=0.0000133334, Lambda_million_requests=0.20),
        **_aws("dynamodb", DynamoDB_million_read_units=0.125, DynamoDB_million_write_units=0.625),
        **_aws("dynamodb", DynamoDB_GB_month=0.25, DynamoDB_recovery_GB_month=0.20),
        **_aws("dynamodb", DynamoDB_provisioned_read_unit_hour=0.00013),
        **_aws("dynamodb", DynamoDB_provisioned_write_unit_hour=0.00065),
        **_aws("cloudwatch", CloudWatch_alarm_metric=0.10, CloudWatch_metric=0.30),
        **_aws("cloudwatch", CloudWatch_GB_of_logs=0.50, CloudWatch_GB_month_of_logs=0.03),
        **_aws("xray", X_Ray_million_traces=5.00),
        **_aws("kms", KMS_key=1.00, KMS_million_requests=3.00),
        **_aws("secrets-manager", secret=0.40),
        **_aws("sqs", SQS_million_requests=0.40),
        **_aws("opensearch-service", OpenSearch_r6g_large_hour=0.167, OpenSearch_serverless_OCU_hour=0.24),
        **_aws("rds/postgresql", PostgreSQL_db_r6g_large_hour=0.225),
    },
)

# Lambda's requests are 0.20 on one list and 1.36 on the other: for prices that were not found in yuan.
YUAN_A_DOLLAR: Final = 6.8
_AS_IN_NINGXIA: Final = "that of cn-northwest-1"


def _converted(item: str) -> Price:
    price = US_EAST_1.prices[item]
    why = f"that of us-east-1 at {YUAN_A_DOLLAR} yuan a dollar, the ratio of the two lists of Lambda's requests"
    return Price(price.amount * YUAN_A_DOLLAR, price.source, nearest=why)


CN_NORTH_1: Final = PriceList(
    "CNY",
    False,
    {
        **{item: _converted(item) for item in US_EAST_1.prices},
        "REST API million requests": Price(28.94, NINGXIA, "2022-05", _AS_IN_NINGXIA),
        "Lambda million requests": Price(1.36, NINGXIA, "2022-05", _AS_IN_NINGXIA),
        "Lambda arm64 GB second": Price(0.000113475, NINGXIA, "2022-05", f"{_AS_IN_NINGXIA}, of x86_64"),
        "DynamoDB million write units": Price(
            11.1538, CHINA.format("dynamodb"), "before 2024-11", "later copies are cut off before it; the cut halved it"
        ),
        "DynamoDB million read units": Price(
            11.1538 / 5, CHINA.format("dynamodb"), "before 2024-11", "a fifth of that for writes, as in us-east-1"
        ),
        "DynamoDB provisioned write unit hour": Price(0.058 / 10, CHINA.format("dynamodb"), "2025"),
        "DynamoDB provisioned read unit hour": Price(0.058 / 50, CHINA.format("dynamodb")),
        "CloudWatch alarm metric": Price(0.622, CHINA.format("cloudwatch"), "2025-01"),
        "CloudWatch metric": Price(2.00, CHINA.format("cloudwatch"), "2025-01"),
        "CloudWatch GB of logs": Price(6.228, NINGXIA, "2022-05", _AS_IN_NINGXIA),
    },
)
REGIONS: Final[Mapping[str, PriceList]] = {"us-east-1": US_EAST_1, "cn-north-1": CN_NORTH_1}
