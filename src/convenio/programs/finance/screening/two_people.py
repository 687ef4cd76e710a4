"""One field, two people: joint accounts write `JUAN PEREZ Y/O ANA RUIZ`."""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"\s+(?:Y\s*/\s*O|E\s*/\s*O|AND\s*/\s*OR|Y\s*\(O\))\s+|\s*[;/|&]\s*|\s+(?:AND)\s+", re.IGNORECASE)
_AND = re.compile(r"\s+Y\s+", re.IGNORECASE)


def separate_people(text: str) -> list[str]:
    """The people that one field names; surnames joined by `y` (`Ortega y Gasset`) stay one person."""
    parts = [part.strip() for part in _BETWEEN.split(text) if part and part.strip()]
    found: list[str] = []
    for part in parts:
        pair = _AND.split(part)
        found += pair if len(pair) == 2 and all(len(each.split()) >= 3 for each in pair) else [part]
    return [each for each in found if len(each) > 1] or [text]
