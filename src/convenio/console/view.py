"""What the console asks of a node: the parts it shows and lets people act on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from convenio.custody.keystore import KeyStore
from convenio.people.accounts import People
from convenio.people.credentials import Credentials


class SettingsView(Protocol):
    """What a node is called and where it lives."""

    @property
    def party(self) -> str:
        """The party's code, e.g. `mx`."""

    @property
    def home(self) -> Path:
        """The node's folder."""


class NodeView(Protocol):
    """A node, as far as its pages need it; optional parts are looked up by `part`."""

    @property
    def settings(self) -> SettingsView:
        """What it is called and where it lives."""

    @property
    def clock(self) -> Callable[[], dt.datetime]:
        """Its trusted clock."""

    @property
    def store(self) -> Any:
        """Its operational store, handed on to the rooms that may use it."""

    @property
    def people(self) -> People:
        """Its accounts."""

    @property
    def credentials(self) -> Credentials:
        """Its people's own keys."""

    @property
    def logs(self) -> Any:
        """Its ledgers: `state()`, `names()`, `get(name)`."""


def setting(node: Any, name: str, default: Any) -> Any:
    """A setting that not every node has."""
    return getattr(node.settings, name, default)


def part(node: Any, name: str) -> Any:
    """A part that a node without a peer may not have; None then."""
    return getattr(node, name, None)


def vault(node: Any) -> KeyStore:
    """The node's key store; one of its own for a node that has no custody."""
    held: KeyStore | None = part(node, "vault")
    return held if held is not None else KeyStore(Path(node.settings.home) / "keys" / "parcels.db")
