"""The licence issuer of the local stack: made once, kept in a secret, its revocation lists made anew each start."""

from datetime import UTC, datetime

from local.aws.cloud import Cloud

SECRET = "lianfang/local/licence-issuer"
UNSET = "-"


def make_secret(cloud: Cloud) -> None:
    """Make the empty secret, before the state in DATA is restored, which fills it."""
    cloud.client("secretsmanager").create_secret(Name=SECRET, SecretString=UNSET)


def publish_issuer(cloud: Cloud, bucket: str) -> None:
    """Make the issuer if there is none, and publish its certificates and revocation lists."""
    from chalicelib.licences.adapters.exchange_issuer import LicenceIssuer
    from chalicelib.licences.adapters.trust_store import LICENCES, TrustStore
    from chalicelib.storage.file_bucket import FileBucket

    now = datetime.now(UTC)
    state = cloud.client("secretsmanager").get_secret_value(SecretId=SECRET)["SecretString"]
    issuer = LicenceIssuer.make("local", now) if state == UNSET else LicenceIssuer.load(state)
    cloud.client("secretsmanager").put_secret_value(SecretId=SECRET, SecretString=issuer.dump())
    TrustStore(FileBucket(cloud.client("s3"), bucket), LICENCES).publish(issuer, now)
