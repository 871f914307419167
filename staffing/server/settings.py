"""Who may reach the server and how it knows them; decided once, when it starts."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from staffing.errors import InputError, Where

ADDRESS, HOSTS, SIGN_IN, PROXIES = (
    "STAFFING_ADDRESS",
    "STAFFING_HOSTS",
    "STAFFING_USER_HEADER",
    "STAFFING_PROXIES",
)
ROLES = "STAFFING_ROLE_HEADER"
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
OIDC = "STAFFING_OIDC_"
DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True)
class Provider:
    """An OpenID Connect provider at which users sign in (OpenID Connect Core 1.0, code flow with PKCE).

    Parameters
    ----------
    issuer : its address, https but on this machine; the discovery document lies below it.
    client_id, client_secret : as the provider knows this desk.
    user_claim : the claim that names a user; an e-mail address that the provider calls unverified names nobody.
    role_claim : the claim that gives roles; empty where the workspaces' own tables give them alone.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    user_claim: str = "email"
    role_claim: str = ""

    def __post_init__(self) -> None:
        parts = urlsplit(self.issuer)
        safe = parts.scheme == "https" or (parts.scheme == "http" and f"{parts.hostname}" in LOOPBACK_NAMES)
        if not parts.hostname or not safe:
            raise InputError(
                f"'{self.issuer}' is no https address.", where=Where(field=f"{OIDC}ISSUER"), remedy="Write https://…"
            )
        for name in ("client_id", "client_secret", "user_claim"):
            if not getattr(self, name):
                told = f"{OIDC}{name.upper()}{'_FILE' if name == 'client_secret' else ''}"
                raise InputError("is missing.", where=Where(field=told), remedy="The provider tells it.")

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self | None:
        """What the environment says of a provider, None where it names none. The secret comes from a file."""
        told = {name: environment.get(f"{OIDC}{name.upper()}", "").strip() for name in cls.__dataclass_fields__}
        if not told["issuer"]:
            return None
        variable = f"{OIDC}CLIENT_SECRET_FILE"
        try:
            told["client_secret"] = Path(environment.get(variable, "")).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise InputError(f"cannot be read ({error}).", where=Where(field=variable)) from None
        return cls(**{name: text for name, text in told.items() if text or name in ("client_id", "client_secret")})

    @property
    def discovery(self) -> str:
        """The address of its discovery document."""
        return self.issuer.rstrip("/").removesuffix(DISCOVERY) + DISCOVERY


@dataclass(frozen=True)
class ServerSettings:
    """How the desk is reached.

    Parameters
    ----------
    address : where the server listens.
    hosts : names under which browsers reach it; a request for any other is refused.
    user_header : the header in which a proxy tells who is signed in; empty where this machine's user works alone.
    proxies : addresses whose word on that header is taken.
    role_header : the header in which the proxy tells the user's roles, separated by commas; empty where it does not.
    provider : where users sign in, when the desk does it itself.
    """

    address: str = "127.0.0.1"
    hosts: tuple[str, ...] = LOOPBACK_NAMES
    user_header: str = ""
    proxies: tuple[str, ...] = ()
    role_header: str = ""
    provider: Provider | None = None

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
        if self.user_header and self.provider:
            raise InputError(
                "there are two sign-ins.", where=Where(field=SIGN_IN), remedy="Name a proxy or a provider."
            )
        if not self.local and not self.user_header and not self.provider:
            raise InputError(
                f"listening on {self.address} would let everybody in who reaches it.",
                where=Where(field="--address"),
                remedy=f"Name an OpenID Connect provider ({OIDC}ISSUER), or put a proxy with sign-in in front and name "
                f"its header in {SIGN_IN} and its addresses in {PROXIES}, or listen on 127.0.0.1.",
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
            environment.get(ROLES, "").strip(),
            Provider.read(environment),
        )

    @property
    def local(self) -> bool:
        """Whether only this machine reaches it."""
        return ipaddress.ip_address(self.address).is_loopback

    @property
    def gives_roles(self) -> bool:
        """Whether the sign-in tells roles too."""
        return bool(self.provider.role_claim if self.provider else self.role_header)

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
