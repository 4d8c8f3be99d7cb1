"""The licence issuer of the local stack: made once, kept in a secret, its revocation lists made anew each start."""

from datetime import UTC, datetime

from local.aws.cloud import Cloud

SECRET = "lianfang/local/licence-issuer"
NOT_MADE = "-"


def make_place(cloud: Cloud) -> None:
    """Make the secret, empty: before DATA is put back, which fills it."""
    cloud.client("secretsmanager").create_secret(Name=SECRET, SecretString=NOT_MADE)


def open_office(cloud: Cloud, bucket: str) -> None:
    """Make the issuer if there is none, and tell everybody whom to trust and who is revoked."""
    from chalicelib.licences.adapters.exchange_issuer import LicenceIssuer
    from chalicelib.licences.adapters.trust_store import LICENCES, TrustStore
    from chalicelib.storage.file_bucket import FileBucket

    now = datetime.now(UTC)
    state = cloud.client("secretsmanager").get_secret_value(SecretId=SECRET)["SecretString"]
    issuer = LicenceIssuer.make("local", now) if state == NOT_MADE else LicenceIssuer.load(state)
    cloud.client("secretsmanager").put_secret_value(SecretId=SECRET, SecretString=issuer.dump())
    TrustStore(FileBucket(cloud.client("s3"), bucket), LICENCES).publish(issuer, now)
