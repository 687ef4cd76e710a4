"""Texts that parts hold in both languages, in the present one."""

from __future__ import annotations

from typing import Any

from convenio.core.words import Language, language
from convenio.programs.framework.content import spanish


def words_of(part: Any, name: str, to: Language | None = None) -> str:
    """The text `name` of a part (`title`, `text`, `said`, `name`) in a language, the present one without it."""
    text = getattr(part, f"{name}_{to or language.get()}")
    return text if isinstance(text, str) else ""


def said_once(text: str) -> str:
    """A text held in one language only (a unit, a source): in Spanish where it ships with its Spanish."""
    return spanish().get(text, text) if language.get() == "es" else text
