"""Who may reach the server and how it knows them; decided once, when it starts."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from staffing.errors import InputError, Where

ADDRESS, HOSTS, SIGN_IN, PROXIES = (
    "STAFFING_ADDRESS",
    "STAFFING_HOSTS",
    "STAFFING_USER_HEADER",
    "STAFFING_PROXIES",
)
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class ServerSettings:
    """How the desk is reached.

    Parameters
    ----------
    address : where the server listens.
    hosts : names under which browsers reach it; a request for any other is refused.
    user_header : the header in which a proxy tells who is signed in; empty where this machine's user works alone.
    proxies : addresses whose word on that header is taken.
    """

    address: str = "127.0.0.1"
    hosts: tuple[str, ...] = LOOPBACK_NAMES
    user_header: str = ""
    proxies: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _is_address(self.address):
            raise InputError(
                f"'{self.address}' is no address.", where=Where(field="--address"), remedy="Write its numbers."
            )
        if self.user_header and not self.proxies:
            raise InputError(
                "nobody is named whose word is taken.", where=Where(field=PROXIES), remedy="Name the proxy's addresses."
            )
        for proxy in self.proxies:
            if not _is_address(proxy):
                raise InputError(f"'{proxy}' is no address.", where=Where(field=PROXIES))
        if not self.local and not self.user_header:
            raise InputError(
                f"listening on {self.address} would let everybody in who reaches it.",
                where=Where(field="--address"),
                remedy=f"Put a proxy with sign-in in front and name its header in {SIGN_IN} and its addresses in "
                f"{PROXIES}, or listen on 127.0.0.1.",
            )
        if not self.local and set(self.hosts) <= set(LOOPBACK_NAMES):
            raise InputError(
                "no name is given under which browsers reach it.", where=Where(field=HOSTS), remedy="Name it there."
            )

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """What the environment says. Raises InputError for what would not be safe."""
        return cls(
            environment.get(ADDRESS) or "127.0.0.1",
            (*LOOPBACK_NAMES, *_listed(environment.get(HOSTS, ""))),
            environment.get(SIGN_IN, "").strip(),
            _listed(environment.get(PROXIES, "")),
        )

    @property
    def local(self) -> bool:
        """Whether only this machine reaches it."""
        return ipaddress.ip_address(self.address).is_loopback

    def knows_host(self, host: str) -> bool:
        """Whether a Host header, with or without a port, names this server."""
        name, _, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
        return (name if name and port.isdigit() else host).lower() in {known.lower() for known in self.hosts}


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
