"""The parts of a folder by kind: read once while their file stays as it is, written when a change ends well."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.framework.model import Commitment, Indicator, Observation, Part
from convenio.programs.framework.rules.entries import terms_of
from convenio.programs.framework.storage.folder import Folder, Signature
from convenio.programs.framework.storage.kinds import KINDS, Key, Kind, shipped
from convenio.programs.framework.storage.reading import commitments_of, entries, fitted, line_of, loads

CSV = "commitments.csv"


class Table:
    """The parts of one kind.

    Args:
        kind: which.
        under: what ships with the program; the folder's own parts stand over it.
    """

    def __init__(self, kind: Kind, under: dict[Key, Part]) -> None:
        self.kind = kind
        self.own: dict[Key, Part] = {}
        self.parts: dict[Key, Part] = dict(under)
        self._groups: dict[object, dict[Key, Part]] = defaultdict(dict)
        for key, part in self.parts.items():
            self._groups[getattr(part, kind.group)][key] = part

    def put(self, part: Part) -> None:
        """Hold a part, in place of the one with its key."""
        key = self.kind.key(part)
        old = self.parts.get(key)
        if old is not None:
            self._groups[getattr(old, self.kind.group)].pop(key, None)
        self.own[key] = self.parts[key] = part
        self._groups[getattr(part, self.kind.group)][key] = part

    def of(self, group: object) -> list[Part]:
        """The parts of one group, e.g. of one indicator."""
        return list(self._groups.get(group, {}).values())

    def text(self) -> str:
        """The folder's own parts as its file holds them."""
        if self.kind.lines:
            return "".join(each.model_dump_json(by_alias=True) + "\n" for each in self.own.values())
        told = [self.own[key].model_dump(mode="json", by_alias=True) for key in sorted(self.own, key=str)]
        return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


class Tables:
    """Every kind of part in a folder.

    Args:
        path: the folder.
    """

    def __init__(self, path: Path) -> None:
        self.folder = Folder(path)
        self._held: dict[str, tuple[tuple[Signature, ...], Table]] = {}
        self._open: dict[str, Table] = {}
        self._dirty: set[str] = set()
        self._still = False

    @contextmanager
    def still(self) -> Iterator[None]:
        """What was read stays as it was read for as long as the block lasts, whatever others write meanwhile."""
        before, self._still = self._still, True
        try:
            yield
        finally:
            self._still = before

    def table(self, name: str) -> Table:
        """The table of a kind; within a change, as the change has it so far.

        Raises:
            InputError: its file is damaged, or was changed by hand where it may not be; the error names the line.
        """
        if self.folder.is_changing:
            if name not in self._open:
                self._open[name] = self._read(KINDS[name])
            return self._open[name]
        held = self._held.get(name)
        if held is not None and (self._still or held[0] == self._signatures(name)):
            return held[1]
        with self.folder.reading():
            seen = self._signatures(name)
            held = self._held[name] = (seen, self._read(KINDS[name]))
        return held[1]

    def put(self, part: Part, name: str) -> None:
        """Put a part; only within a change."""
        self.table(name).put(part)
        self._dirty.add(name)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """All that is put within is written together, or none of it."""
        outermost = not self.folder.is_changing
        with self.folder.changing():
            if outermost:
                self._open, self._dirty = {}, set()
            try:
                yield
                if outermost:
                    for name in sorted(self._dirty):
                        self.folder.put(KINDS[name].file, self._open[name].text())
            finally:
                if outermost:
                    self._open, self._dirty = {}, set()

    def _signatures(self, name: str) -> tuple[Signature, ...]:
        files = [KINDS[name].file]
        if name == "commitments":
            files.append(CSV)
        if name == "observations":
            files.append(KINDS["indicators"].file)
        return tuple(self.folder.signature(each) for each in files)

    def _read(self, kind: Kind) -> Table:
        made = Table(kind, self._under(kind))
        text = self.folder.read(kind.file)
        if text is None:
            return made
        path = self.folder.path / kind.file
        for value, line in _lines(text, path) if kind.lines else entries(text, path):
            where = line_of(path, line)
            part = fitted(kind.model, value, where)
            if kind.key(part) in made.own:
                raise InputError(_("this stands there twice"), where=where)
            if isinstance(part, Indicator):
                _locked(part, where)
            if isinstance(part, Observation):
                self._bound(part, where)
            made.put(part)
        return made

    def _under(self, kind: Kind) -> dict[Key, Part]:
        if kind.model is Commitment:
            text = self.folder.read(CSV)
            if text is not None:
                return {kind.key(each): each for each in commitments_of(text, self.folder.path / CSV)}
        own_commitments = (self.folder.path / CSV).exists()
        return {} if own_commitments and kind.name != "frameworks" else _under(kind.name)

    def _bound(self, part: Observation, where: Message) -> None:
        held = self.table("indicators").parts.get((part.indicator,))
        if not isinstance(held, Indicator):
            raise InputError(_("there is no indicator {name}", name=part.indicator), where=where)
        if part.terms not in terms_of(held):
            raise InputError(
                _("it was entered under other terms of this indicator"),
                where=where,
                advice=_("indicators.json was changed by hand after this observation; put back what stood there"),
            )


@cache
def _under(name: str) -> dict[Key, Part]:
    kind = KINDS[name]
    return {kind.key(each): each for each in shipped(kind)}


def _locked(part: Indicator, where: Message) -> None:
    if part.baseline is not None and part.baseline.digest != part.baseline.computed():
        raise InputError(
            _("the baseline of {name} is not what its lock was made for", name=part.id),
            where=where,
            advice=_("it was changed by hand; put back what stood there, or register a new indicator"),
        )


def _lines(text: str, path: Path) -> Iterator[tuple[object, int]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield loads(line, path, number), number
