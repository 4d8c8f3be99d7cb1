"""SNS's envelopes, signed by a certificate of the test's own, as `docs/receiving.md` describes them."""

import base64
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

CERTIFICATE_URL = f"https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-{'0123456789abcdef' * 2}.pem"
AT = "2026-01-05T02:00:00.000Z"
DIGESTS: dict[str, hashes.HashAlgorithm] = {"1": hashes.SHA1(), "2": hashes.SHA256()}


@cache
def key() -> rsa.RSAPrivateKey:
    """The key of this test's SNS."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def certificate() -> bytes:
    """The certificate at `CERTIFICATE_URL`."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com.cn")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key().public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return made.sign(key(), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def signed(version: str, **fields: str) -> dict[str, str]:
    """An envelope with its signature: over each field but the signature's own, by name, one a line."""
    signed_text = "".join(f"{name}\n{value}\n" for name, value in sorted(fields.items()))
    signature = key().sign(signed_text.encode(), padding.PKCS1v15(), DIGESTS[version])
    return {
        **fields,
        "SignatureVersion": version,
        "Signature": base64.b64encode(signature).decode(),
        "SigningCertURL": CERTIFICATE_URL,
    }


def notification(topic: str, notice: dict[str, Any], version: str = "2", **more: str) -> dict[str, str]:
    """The envelope that SNS posts for a notice."""
    message = json.dumps(notice, ensure_ascii=False)
    fields = {"Type": "Notification", "MessageId": "m-1", "TopicArn": topic, "Message": message, "Timestamp": AT}
    return {**signed(version, **fields, **more), "UnsubscribeURL": "https://sns.cn-north-1.amazonaws.com.cn/?x"}


def confirmation(topic: str, url: str) -> dict[str, str]:
    """The first message that SNS posts to a new endpoint."""
    fields = {"Type": "SubscriptionConfirmation", "MessageId": "m-0", "TopicArn": topic, "Token": "t0"}
    return signed("1", **fields, Message="You have chosen to subscribe", SubscribeURL=url, Timestamp=AT)
