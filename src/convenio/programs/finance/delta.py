"""What changed between two states of a list: entries added and removed, and the rest field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from convenio.programs.finance.schema import BirthDate, ListEntry

_FIELDS = [each.name for each in fields(ListEntry) if each.name not in {"source", "id"}]


@dataclass(frozen=True)
class FieldChange:
    """One field of one entry: the values that went and the values that came."""

    field: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True)
class EntryChange:
    """One entry that stands on both lists with something changed."""

    old: ListEntry
    new: ListEntry
    fields: tuple[FieldChange, ...]

    def as_json(self) -> dict[str, Any]:
        """The change as plain JSON values."""
        return {
            "id": self.new.id,
            "name": self.new.name,
            "kind": self.new.kind,
            "fields": [
                {"field": each.field, "removed": list(each.removed), "added": list(each.added)} for each in self.fields
            ],
        }


@dataclass(frozen=True)
class Delta:
    """What changed, entries in the order of their list."""

    added: tuple[ListEntry, ...]
    removed: tuple[ListEntry, ...]
    changed: tuple[EntryChange, ...]

    def as_json(self) -> dict[str, Any]:
        """The delta as plain JSON values with `added`, `removed` and `changed`."""
        return {
            "added": [each.as_json() for each in self.added],
            "removed": [each.as_json() for each in self.removed],
            "changed": [each.as_json() for each in self.changed],
        }


def delta(old: Iterable[ListEntry], new: Iterable[ListEntry]) -> Delta:
    """Compare two states of a list by the publisher's numbers.

    The order in which a list gives several values of one field does not count as a change.
    """
    before = {each.id: each for each in old}
    after = {each.id: each for each in new}
    both = ((before[each.id], each) for each in after.values() if each.id in before)
    return Delta(
        added=tuple(each for each in after.values() if each.id not in before),
        removed=tuple(each for each in before.values() if each.id not in after),
        changed=tuple(
            EntryChange(one, two, found) for one, two in both if one != two and (found := _changes(one, two))
        ),
    )


def _changes(old: ListEntry, new: ListEntry) -> tuple[FieldChange, ...]:
    changes = []
    for name in _FIELDS:
        before, after = _values(getattr(old, name)), _values(getattr(new, name))
        removed = tuple(each for each in before if each not in after)
        added = tuple(each for each in after if each not in before)
        if removed or added:
            changes.append(FieldChange(name, removed, added))
    return tuple(changes)


def _values(value: Any) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(_text(each) for each in value)
    return (_text(value),) if value else ()


def _text(value: Any) -> str:
    if not is_dataclass(value) or isinstance(value, BirthDate):
        return str(value)
    parts = (getattr(value, each.name) for each in fields(value))
    return " · ".join("weak" if each is True else str(each) for each in parts if each)
