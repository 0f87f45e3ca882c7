"""Which addresses belong to the whole internet, and which to a network or machine of one's own."""

from __future__ import annotations

import socket
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]

# IANA's special-purpose registries (RFC 6890 and later), written out: what Python's ``is_global``
# says of them differs between its versions.
_SPECIAL4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291, 2.4: all that IANA gives out for hosts
_SPECIAL6 = tuple(IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "3fff::/20"))
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last 32 bits
_6TO4 = IPv6Network("2002::/16")  # RFC 3056: an IPv4 address after the first 16 bits


class PrivateAddressError(OSError):
    """A name or address leads to this machine or to a network of its own."""


@dataclass(frozen=True)
class Exempt:
    """What may be reached although it is private: names, and addresses of networks.

    A name that begins with a dot stands for all names below it.
    """

    names: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[str]) -> Exempt:
        """From entries such as ``media.lan``, ``.lan``, ``10.2.0.0/16`` and ``fd00::5``."""
        names: set[str] = set()
        networks: list[IPv4Network | IPv6Network] = []
        for entry in entries:
            try:
                networks.append(ip_network(entry.strip().strip("[]"), strict=False))
            except ValueError:
                names.add(_plain(entry))
        return cls(frozenset(names), tuple(networks))

    def has_name(self, host: str) -> bool:
        """Whether ``host`` is one of the names, or below one that begins with a dot."""
        name = _plain(host)
        parents = (name[place:] for place, letter in enumerate(name) if letter == ".")
        return name in self.names or any(parent in self.names for parent in parents)

    def has_address(self, address: Address) -> bool:
        """Whether ``address`` is in one of the networks."""
        return any(address in network for network in self.networks)

    def permits(self, host: str, address: str) -> bool:
        """Whether ``host`` may be reached at ``address`` whatever kind of address that is."""
        return self.has_name(host) or self.has_address(ip_address(address.partition("%")[0]))


def is_public(address: Address) -> bool:
    """Whether ``address`` is one host's on the internet.

    False for loopback, private, link-local, carrier-grade NAT, unique-local, multicast,
    unspecified, documentation, tunnel and reserved ranges, and for IPv6 forms that carry such an
    IPv4 address in them.
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _SPECIAL4)
    inner = _carried(address)
    if inner is not None:
        return is_public(inner)
    return address in _GLOBAL_UNICAST and not any(address in network for network in _SPECIAL6)


def literal(host: str) -> Address | None:
    """The address that ``host`` spells out, also as the system's resolver reads it; else None.

    >>> literal("2130706433"), literal("0x7f.1"), literal("[::1]"), literal("example.org")
    (IPv4Address('127.0.0.1'), IPv4Address('127.0.0.1'), IPv6Address('::1'), None)
    """
    text = _folded(host).strip("[]").partition("%")[0].rstrip(".")
    try:
        return ip_address(text)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(text)) if text and " " not in text else None
    except (OSError, UnicodeError):
        return None


def is_private_name(host: str) -> bool:
    """Whether ``host`` shows without asking anyone that it is private."""
    name = _plain(host)
    address = literal(host)
    return (
        name == "localhost"
        or name.endswith(".localhost")
        or bool(address and not is_public(address))
    )


def resolve(host: str, port: int) -> list[str]:
    """The addresses of ``host`` in the system's order, each once.

    Raises:
        OSError: the name cannot be resolved.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(f"Failed to resolve {host!r}: {error}") from error
    except socket.gaierror as error:
        raise OSError(f"Failed to resolve {host!r}: {error.strerror}") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def permitted(host: str, port: int, exempt: Exempt, ask: Resolve = resolve) -> list[str]:
    """The addresses at which ``host`` may be reached: the caller connects to these and no others.

    Raises:
        PrivateAddressError: all of them are private and none is exempt.
        OSError: the name cannot be resolved.
    """
    found = ask(host, port)
    allowed = [
        text
        for text in found
        if exempt.permits(host, text) or is_public(ip_address(text.partition("%")[0]))
    ]
    if not allowed:
        raise PrivateAddressError(
            f"{host} is an address of this machine or of its own network ({', '.join(found[:3])})"
        )
    return allowed


def _carried(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a packet to ``address`` ends at, where it tells one."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in _6TO4:
        return address.sixtofour
    return None


def _plain(name: str) -> str:
    return _folded(name).strip().lower().rstrip(".")


def _folded(name: str) -> str:
    """A name with the letters, figures and dots that IDNA makes of it (RFC 3490, 3.1 and 4)."""
    return unicodedata.normalize("NFKC", name).replace("\u3002", ".")
