"""Where things stand: addresses in the console, relative files in the public site, places within one report."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol


class Links(Protocol):
    """Gives the address of a page or of one thing; None where it has none there."""

    def page(self, name: str) -> str | None:
        """The address of a list: `scorecard`, `commitments`, `late` and so on."""

    def commitment(self, number: str) -> str | None:
        """The address of one commitment."""

    def value(self, program: str, indicator: str) -> str | None:
        """The address of one aggregate's query."""

    def house(self, address: str) -> str | None:
        """An address of the console; None where there is no console."""


class ConsoleLinks:
    """Addresses in the console.

    Args:
        base: where the program's pages stand.
    """

    def __init__(self, base: str) -> None:
        self._base = base

    def page(self, name: str) -> str | None:
        """The address of a list."""
        return f"{self._base}/{name}"

    def commitment(self, number: str) -> str | None:
        """The address of one commitment."""
        return f"{self._base}/commitments/{number}"

    def value(self, program: str, indicator: str) -> str | None:
        """The address of one aggregate's query."""
        return f"{self._base}/evidence/{program}/{indicator}"

    def house(self, address: str) -> str | None:
        """An address of the console."""
        return address


class ReportLinks:
    """Places within one file.

    Args:
        commitments: those that stand in it; all where it is not given.
    """

    def __init__(self, commitments: Collection[str] | None = None) -> None:
        self._commitments = commitments

    def page(self, name: str) -> str | None:
        """The place of a list."""
        return f"#{name}"

    def commitment(self, number: str) -> str | None:
        """The place of one commitment."""
        if self._commitments is not None and number not in self._commitments:
            return None
        return f"#{number}"

    def value(self, program: str, indicator: str) -> str | None:
        """The place of one aggregate."""
        return f"#{program}-{indicator}"

    def house(self, address: str) -> str | None:
        """There is no console in a file."""
        del address
        return None


class SiteLinks:
    """Relative files of the public site, seen from one of its pages.

    Args:
        up: how many folders the page lies below its language's folder.
        commitments: those that have a page; all where it is not given.
        values: the aggregates that have a page, as program and name.
    """

    def __init__(
        self,
        up: int,
        commitments: Collection[str] | None = None,
        values: Collection[tuple[str, str]] | None = None,
    ) -> None:
        self._up = "../" * up
        self._commitments = commitments
        self._values = values

    def page(self, name: str) -> str | None:
        """The file of a list."""
        return f"{self._up}{'index' if name == 'scorecard' else name}.html"

    def commitment(self, number: str) -> str | None:
        """The file of one commitment."""
        if self._commitments is not None and number not in self._commitments:
            return None
        return f"{self._up}commitments/{number}.html"

    def value(self, program: str, indicator: str) -> str | None:
        """The file of one aggregate's query."""
        if self._values is not None and (program, indicator) not in self._values:
            return None
        return f"{self._up}evidence/{program}-{indicator}.html"

    def house(self, address: str) -> str | None:
        """There is no console in a site."""
        del address
        return None
