"""Where a request came from: the address that the gateway saw, never a header, which its sender may write."""

import ipaddress

from chalice.app import Request as RawRequest

# Bits of an IPv6 address that a provider gives to one household or server (RFC 6177).
OF_ONE_SITE = 64


def network_of(raw: RawRequest) -> str:
    """The IPv4 address of the sender, or its IPv6 network of 64 bits, as text; '' where the gateway names none."""
    text = str(((raw.context or {}).get("identity") or {}).get("sourceIp", ""))
    try:
        source = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if isinstance(source, ipaddress.IPv4Address):
        return str(source)
    if source.ipv4_mapped:
        return str(source.ipv4_mapped)
    return str(ipaddress.ip_network((int(source), OF_ONE_SITE), strict=False))
