"""Makes `sm2_vectors.json` with the OpenSSL on this machine (3.0 or later): `python -m tests.cases.make_sm2_vectors`.

A chain of SM2 certificates (root, authority, issuer, holder) with revocation lists, signatures of plain messages, and
a licence with its presentation, signed with 1234567812345678 as the signer's id. The keys are thrown away.
"""

import base64
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from chalicelib.licences.rules import certificate_chain, sm2_signature, wallet_presentation
from tests.support.builders import uscc

TARGET = Path(__file__).with_name("sm2_vectors.json")
DISTID = "distid:1234567812345678"
AT = 1_780_000_000  # 2026-05-28
CONFIG = f"""
[ca]
default_ca = own
[own]
database = $ENV::CA.db
serial = $ENV::CA.serial
new_certs_dir = .
default_md = sm3
policy = any
[any]
commonName = supplied
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical,CA:true,pathlen:1
keyUsage = critical,keyCertSign,cRLSign
[authority]
basicConstraints = critical,CA:true,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
[issuer]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,{certificate_chain.SIGNS_LICENCES}
[holder]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,{certificate_chain.SIGNS_PRESENTATIONS}
"""


def openssl(*arguments: str, ca: str = "none") -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, env={**os.environ, "CA": ca})


def chain() -> None:
    Path("ca.cnf").write_text(CONFIG)
    when = ("-startdate", "20260101000000Z", "-enddate", "21260101000000Z", "-vfyopt", DISTID)
    for name, ca in (("root", "root"), ("authority", "root"), ("issuer", "authority"), ("holder", "authority")):
        openssl("ecparam", "-name", "SM2", "-genkey", "-noout", "-out", f"{name}.key")
        subject = ("-subj", f"/CN=sm2 {name}", "-config", "ca.cnf")
        openssl("req", "-new", "-key", f"{name}.key", "-sm3", "-sigopt", DISTID, "-out", f"{name}.csr", *subject)
        if not Path(f"{ca}.db").exists():
            Path(f"{ca}.db").touch()
            Path(f"{ca}.serial").write_text("01")
        signer = ("-selfsign",) if name == "root" else ("-cert", f"{ca}.pem")
        files = ("-in", f"{name}.csr", "-out", f"{name}.pem", "-extensions", name, "-keyfile", f"{ca}.key")
        openssl("ca", "-batch", "-notext", "-config", "ca.cnf", "-sigopt", DISTID, *signer, *files, *when, ca=ca)
    for ca in ("root", "authority"):
        until = ("-crl_lastupdate", "20260101000000Z", "-crl_nextupdate", "21260101000000Z")
        files = ("-keyfile", f"{ca}.key", "-cert", f"{ca}.pem", "-out", f"{ca}.crl")
        openssl("ca", "-config", "ca.cnf", "-gencrl", "-sigopt", DISTID, *files, *until, ca=ca)


def sign(name: str, message: bytes) -> bytes:
    """DER, as OpenSSL gives it."""
    Path("message").write_bytes(message)
    how = ("-rawin", "-digest", "sm3", "-pkeyopt", DISTID)
    openssl("pkeyutl", "-sign", "-inkey", f"{name}.key", "-in", "message", "-out", "signature", *how)
    return Path("signature").read_bytes()


def der(name: str) -> bytes:
    openssl("x509", "-in", f"{name}.pem", "-outform", "DER", "-out", f"{name}.der")
    return Path(f"{name}.der").read_bytes()


def jws(name: str, kind: str, claims: dict[str, Any]) -> str:
    x5c = [base64.b64encode(der(entry)).decode() for entry in (name, "authority")]
    parts = [json.dumps(claim).encode() for claim in ({"alg": "SM2", "typ": kind, "x5c": x5c}, claims)]
    text = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
    first, second = sm2_signature.from_der(sign(name, text.encode())) or (0, 0)
    bare = first.to_bytes(32, "big") + second.to_bytes(32, "big")
    return f"{text}.{base64.urlsafe_b64encode(bare).decode().rstrip('=')}"


def main() -> None:
    import hashlib

    chain()
    messages = ["", "message digest", "统一社会信用代码", "x" * 300]
    result = {"uscc": uscc(1), "name": "苏州霁昱商贸有限公司", "status": "在营", "holder_role": "法定代表人"}
    bound = {"cnf": {"x5t#S256": hashlib.sha256(der("holder")).hexdigest()}, "nbf": AT - 60, "exp": AT + 86_400}
    licence = jws("issuer", wallet_presentation.LICENCE, {**result, **bound, "annotations": []})
    answer = {"aud": "lianfang-test/alpha", "nonce": "a nonce", "session": "a session", "iat": AT, "licence": licence}
    vectors = {
        "made_with": subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True).stdout.strip(),
        "at": AT,
        "anchors": Path("root.pem").read_text(),
        "lists": Path("root.crl").read_text() + Path("authority.crl").read_text(),
        "holder": base64.b64encode(der("holder")).decode(),
        "signatures": [{"message": message, "der": sign("holder", message.encode()).hex()} for message in messages],
        "presentation": jws("holder", wallet_presentation.PRESENTATION, answer),
    }
    TARGET.write_text(json.dumps(vectors, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        main()
