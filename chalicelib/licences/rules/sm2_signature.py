"""SM2 signatures over SM3 (GB/T 32918.2, GB/T 32905; parameters of GB/T 32918.5), verified through gmssl.

A signature is two numbers below the order of the group, as DER (X.509, GM/T 0009) or as 64 bare bytes (as JOSE has
them). The signer's id is the default of GM/T 0009, 1234567812345678. gmssl gets only what was checked before:
points on the curve, numbers in range.
"""

from typing import Final

ORDER: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_P: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_A: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC
_B: Final = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature of the message was made with the key of this point (04 ‖ x ‖ y, 65 bytes)."""
    numbers = _bare(signature) if len(signature) == 64 else from_der(signature)
    if numbers is None or not is_point(public_key):
        return False
    first, second = numbers
    if not (0 < first < ORDER and 0 < second < ORDER and (first + second) % ORDER):
        return False
    from gmssl.sm2 import CryptSM2  # type: ignore[import-untyped]

    crypt = CryptSM2("", "")
    # Set, not passed to the constructor, which strips every leading 0 and 4 of the key, not only the prefix 04.
    crypt.public_key = public_key[1:].hex()
    try:
        return bool(crypt.verify_with_sm3(f"{first:064x}{second:064x}", message))
    except TypeError:  # the sum is the point at infinity, which gmssl gives as None
        return False


def is_point(public_key: bytes) -> bool:
    """Whether the bytes are an uncompressed point on the curve."""
    if len(public_key) != 65 or public_key[0] != 4:
        return False
    x, y = int.from_bytes(public_key[1:33], "big"), int.from_bytes(public_key[33:], "big")
    return x < _P and y < _P and (y * y - (x * x * x + _A * x + _B)) % _P == 0


def from_der(signature: bytes) -> tuple[int, int] | None:
    """The two numbers of a DER SEQUENCE of two INTEGERs and nothing else; None when it is not one."""
    if len(signature) < 8 or signature[0] != 0x30 or signature[1] != len(signature) - 2:
        return None
    first, rest = _integer(signature[2:])
    second, rest = _integer(rest)
    return (first, second) if rest == b"" and first > 0 and second > 0 else None


def _bare(signature: bytes) -> tuple[int, int]:
    return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")


def _integer(der: bytes) -> tuple[int, bytes]:
    """The INTEGER at the start, in its shortest form, and what follows it; -1 where there is none."""
    if len(der) < 3 or der[0] != 0x02 or not 0 < der[1] <= 33 or len(der) < 2 + der[1]:
        return -1, der
    body, rest = der[2 : 2 + der[1]], der[2 + der[1] :]
    if len(body) > 1 and body[0] == 0 and body[1] < 0x80:
        return -1, der
    return int.from_bytes(body, "big", signed=True), rest
