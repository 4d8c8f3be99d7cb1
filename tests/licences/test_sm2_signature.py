"""SM2 over SM3: the standard's own example, what OpenSSL signed, and everything that must not pass."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chalicelib.licences.rules import sm2_signature
from chalicelib.licences.rules.certificate_chain import key_of

VECTORS = json.loads((Path(__file__).parent.parent / "cases" / "sm2_vectors.json").read_text("utf-8"))
# GB/T 32918.5-2017, annex A.2: message, key and signature of the recommended curve; the signer's id is the default.
KEY = bytes.fromhex(
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
MESSAGE = b"message digest"
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA


def bare(first: int = R, second: int = S) -> bytes:
    return first.to_bytes(32, "big") + second.to_bytes(32, "big")


def der(first: int = R, second: int = S) -> bytes:
    parts = b"".join(
        bytes((2, len(body))) + body
        for body in (vector.to_bytes(vector.bit_length() // 8 + 1, "big") for vector in (first, second))
    )
    return bytes((0x30, len(parts))) + parts


def holders_key() -> bytes:
    import base64

    from cryptography import x509

    return key_of(x509.load_der_x509_certificate(base64.b64decode(VECTORS["holder"]))).raw


def test_the_example_of_the_standard_holds_in_both_forms() -> None:
    assert sm2_signature.verify(KEY, MESSAGE, bare())
    assert sm2_signature.verify(KEY, MESSAGE, der())


def test_sm3_is_that_of_the_standard() -> None:
    from gmssl.sm3 import sm3_hash  # type: ignore[import-untyped]

    # GB/T 32905-2016, annex A.1.
    assert sm3_hash(list(b"abc")) == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.parametrize("vector", VECTORS["signatures"], ids=["empty", "short", "chinese", "long"])
def test_what_openssl_signed_holds_and_nothing_beside_it(vector: dict[str, str]) -> None:
    key, message, signature = holders_key(), vector["message"].encode(), bytes.fromhex(vector["der"])
    assert sm2_signature.verify(key, message, signature)
    assert not sm2_signature.verify(key, message + b" ", signature)
    assert not sm2_signature.verify(KEY, message, signature)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (0, S),
        (R, 0),
        (sm2_signature.ORDER, S),
        (R, sm2_signature.ORDER),
        (R + 1, S),
        (R, S + 1),
        (S, R),
        (R, sm2_signature.ORDER - R),
    ],
)
def test_numbers_out_of_range_or_not_the_right_ones_do_not_pass(first: int, second: int) -> None:
    assert not sm2_signature.verify(KEY, MESSAGE, bare(first, second))


def test_a_key_that_is_no_point_of_the_curve_verifies_nothing() -> None:
    off = KEY[:-1] + bytes([KEY[-1] ^ 1])
    for key in (off, b"", KEY[1:], b"\x02" + KEY[1:33], b"\x04" + b"\xff" * 64):
        assert not sm2_signature.is_point(key)
        assert not sm2_signature.verify(key, MESSAGE, bare())


def test_keys_whose_first_digits_are_0_and_4_are_read_whole() -> None:
    """gmssl strips such digits after the prefix 04: one key in eight would verify nothing."""
    from gmssl.sm2 import CryptSM2, default_ecc_table  # type: ignore[import-untyped]

    base = CryptSM2("", "")
    private = next(
        vector for vector in range(2, 400) if base._kg(vector, default_ecc_table["g"]).startswith(("0", "4"))
    )
    point = base._kg(private, default_ecc_table["g"])
    base.private_key, base.public_key = f"{private:064x}", point
    signature = bytes.fromhex(base.sign_with_sm3(b"hello", "59276e27d506861a16680f3ad9c02dcc" * 2))
    assert sm2_signature.verify(b"\x04" + bytes.fromhex(point), b"hello", signature)


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        der()[:-1],
        der() + b"\0",
        b"\x31" + der()[1:],
        bytes.fromhex("3006020100020101"),
        bytes.fromhex("300602017f0201ff"),
        bytes.fromhex("300702020001020101"),
    ],
    ids=["empty", "cut", "longer", "a set", "zero", "negative", "padded"],
)
def test_what_is_no_der_signature_does_not_pass(signature: bytes) -> None:
    assert sm2_signature.from_der(signature) is None
    assert not sm2_signature.verify(KEY, MESSAGE, signature)


@given(some.binary(max_size=80))
def test_no_bytes_make_it_stumble(signature: bytes) -> None:
    numbers = sm2_signature.from_der(signature)
    assert numbers is None or der(*numbers) == signature, "what is read is written in one way only"
