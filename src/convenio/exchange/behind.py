"""What stays behind a letter that was set aside."""

from __future__ import annotations


class Behind:
    """What letters that were set aside are about: later ones about the same stay behind them."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._all = False

    def holds(self, about: list[str] | None) -> bool:
        """Whether a letter stays behind; what follows it about its other names then does too."""
        held = self._all or (bool(self._names) and (about is None or not self._names.isdisjoint(about)))
        if held:
            self.add(about)
        return held

    def add(self, about: list[str] | None) -> None:
        """A letter stays where it is; one of an older version, which does not say what it is about, holds up all."""
        self._all = self._all or about is None
        self._names.update(about or ())
