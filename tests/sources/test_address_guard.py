"""Which addresses are one host's on the internet."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from pipeline.sources.address_guard import (
    Exempt,
    PrivateAddressError,
    is_private_name,
    is_public,
    literal,
    permitted,
)

PRIVATE = [
    "127.0.0.1", "127.255.0.9", "0.0.0.0", "0.1.2.3", "10.1.2.3", "172.16.0.1", "172.31.255.255",
    "192.168.0.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::7f00:1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1",
    "ff02::1", "ff0e::1", "2001:db8::1", "2001::1", "100::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2002:c0a8:101::1",
    "2002:7f00:1::", "4000::1",
]  # fmt: skip
PUBLIC = [
    "8.8.8.8", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:2800:220:1::1", "2a00:1450::1",
    "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "host",
    [
        "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.0.0.1.",
        "①②⑦.⓪.⓪.①", "１２７．１", "127。0。0。1", "0ｘ7f｡1",
    ],
)  # fmt: skip
def test_every_spelling_that_a_resolver_understands_is_read(host: str) -> None:
    assert literal(host) == ip_address("127.0.0.1")
    assert is_private_name(host)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "a.localhost", "[::1]", "fe80::1%e0"])
def test_names_that_are_plainly_private(host: str) -> None:
    assert is_private_name(host)


@pytest.mark.parametrize("host", ["example.org", "8.8.8.8", "localhost.example.org", "1.2.3.4.5"])
def test_names_that_are_not_plainly_private(host: str) -> None:
    assert not is_private_name(host)


def test_a_name_is_reached_only_at_its_public_addresses() -> None:
    found = ["10.0.0.1", "93.184.216.34", "::1"]
    assert permitted("a.example", 80, Exempt(), lambda host, port: found) == ["93.184.216.34"]
    with pytest.raises(PrivateAddressError, match=r"a\.example .*10\.0\.0\.1"):
        permitted("a.example", 80, Exempt(), lambda host, port: ["10.0.0.1"])


def test_names_and_networks_can_be_exempt() -> None:
    exempt = Exempt.of([" Media.Lan. ", ".campus", "10.2.0.0/16", "[fd00::5]"])

    def found(host: str, port: int) -> list[str]:
        return ["10.2.9.9", "10.3.0.1"]

    assert permitted("media.lan", 80, exempt, found) == ["10.2.9.9", "10.3.0.1"]
    assert permitted("a.b.campus", 80, exempt, found) == ["10.2.9.9", "10.3.0.1"]
    assert permitted("other.lan", 80, exempt, found) == ["10.2.9.9"]
    assert permitted("x", 80, exempt, lambda host, port: ["fd00::5"]) == ["fd00::5"]
    assert not exempt.has_name("notcampus")
