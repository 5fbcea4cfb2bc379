"""Which addresses may connect to an acceptor, and the sockets that it listens on."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from purefix_core.session.engine.errors import EngineError
from purefix_core.session.settings import SessionSettings

Network = IPv4Network | IPv6Network

_BACKLOG = 1024


def allowed_networks(settings: SessionSettings) -> tuple[Network, ...]:
    """AllowedRemoteAddresses of a session; none means all. Raises EngineError for what is no address."""
    try:
        return tuple(ip_network(text, strict=False) for text in settings.network.allowed_remote_addresses)
    except ValueError as error:
        raise EngineError(
            f"{settings.session_id}: AllowedRemoteAddresses: expected addresses, as 10.0.0.7 or 10.0.0.0/8: {error}"
        ) from error


def address_text(host: str, port: int) -> str:
    """`10.0.0.7:9876`, `[::1]:9876`."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_allowed(address: str, networks: Sequence[Network]) -> bool:
    if not networks:
        return True
    found = ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)  # who comes over IPv4 to a socket of IPv6
    return any((mapped or found) in network for network in networks)


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens; on all addresses without `host`. Raises EngineError."""
    try:
        if host:
            family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            listening = socket.create_server(address[:2], family=family, backlog=_BACKLOG)
        elif socket.has_dualstack_ipv6():
            listening = socket.create_server(("", port), family=socket.AF_INET6, backlog=_BACKLOG, dualstack_ipv6=True)
        else:
            listening = socket.create_server(("", port), backlog=_BACKLOG)
    except (OSError, OverflowError) as error:
        # What create_server adds to the reason names the address once more.
        number = getattr(error, "errno", None) or 0
        why = os.strerror(number) if number > 0 else error
        raise EngineError(f"cannot listen on {host or 'all addresses'}, port {port}: {why}") from error
    listening.setblocking(False)
    return listening
