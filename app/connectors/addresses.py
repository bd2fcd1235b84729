"""Where a webhook may go: the addresses behind a name, looked up once, checked, and then held on to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from aiohttp.abc import AbstractResolver, ResolveResult

from app.ports.switches import SwitchFailed

LookUp = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses behind a host's name, as the system's resolver gives them; raises OSError when there are none."""

_NAT64 = IPv6Network("64:ff9b::/96")


async def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses that the system's resolver gives. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """True for an address of the public internet; one that carries another inside is judged by that one too."""
    try:
        outer = ip_address(address)
    except ValueError:
        return False
    return all(one.is_global and not one.is_multicast for one in (outer, *_inside(outer)))


def _inside(address: IPv4Address | IPv6Address) -> Sequence[IPv4Address]:
    if isinstance(address, IPv4Address):
        return ()
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]


async def allowed_addresses(host: str, port: int, look: LookUp, *, private: bool) -> Sequence[str]:
    """Every address behind the name. Raises SwitchFailed when one of them is not public, unless `private` ones may be.

    One bad address among good ones refuses them all: the name is then not what the register's owner meant.
    """
    try:
        found = await look(host, port)
    except OSError:
        raise SwitchFailed("its host is not known", again=True) from None
    if not found:
        raise SwitchFailed("its host is not known", again=True)
    if not private and not all(is_public(one) for one in found):
        raise SwitchFailed("its address is in a private network, which the register does not allow for this switch")
    return found


class Pinned(AbstractResolver):
    """Answers with addresses that were checked before, so that a name can't change its mind in between."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The checked addresses, whatever the name and family."""
        return [
            ResolveResult(
                hostname=host,
                host=one,
                port=port,
                family=socket.AF_INET6 if ":" in one else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for one in self._addresses
        ]

    async def close(self) -> None:
        """Nothing is held."""
