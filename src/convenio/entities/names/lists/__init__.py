"""The word lists that names are read with; every line is data, not code."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def lines(name: str) -> tuple[str, ...]:
    """The lines of `lists/<name>`, comments left out."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def words(name: str) -> frozenset[str]:
    """The words of `lists/<name>.txt`."""
    return frozenset(word.replace("Ñ", "N") for line in lines(f"{name}.txt") for word in line.split())


@cache
def given_names() -> dict[str, tuple[int, int]]:
    """Mexico's given names, one word each: women and men per million bearers of a given name."""
    rows = (line.split(",") for line in lines("given.csv"))
    return {name: (int(women), int(men)) for name, women, men in rows}


@cache
def surnames() -> dict[str, int]:
    """Mexico's surnames, one word each, per million surnames."""
    rows = (line.split(",") for line in lines("surnames.csv"))
    return {name: int(weight) for name, weight in rows}


@cache
def united_states() -> dict[str, int]:
    """Words of names in the United States, given names and surnames, per million people."""
    rows = (line.split(",") for line in lines("united_states.csv"))
    return {name: int(weight) for name, weight in rows}


@cache
def equivalents() -> dict[str, dict[str, str]]:
    """For each form of a given name the names it may stand for, and the kind: `nickname`, `short` or `other`."""
    found: dict[str, dict[str, str]] = {}
    for line in lines("equivalents.csv"):
        kind, form, names = line.replace("Ñ", "N").split(",")
        for name in names.split():
            found.setdefault(form, {})[name] = kind
            found.setdefault(name, {}).setdefault(form, kind)
    return found


@cache
def company_forms() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Legal forms as words with the short form they are compared by, longest first."""
    rows = (line.split(",") for line in lines("company_forms.csv"))
    return tuple(sorted(((tuple(each.split()), short) for each, short in rows), key=lambda row: -len(row[0])))
