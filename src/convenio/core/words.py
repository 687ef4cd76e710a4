"""Words in two languages: a message is kept as its English text and its values, and is put into words when it is read.

An error that is raised while a Spanish page is made may be shown again in an English log, so nothing
is translated when it is raised. Catalogues are gettext: the rooms' own is `locale/es`, and each program brings its
own in `<program>/locale/es`, as a stranger's program does.
"""

from __future__ import annotations

import gettext as _gettext
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

language: ContextVar[Language] = ContextVar("convenio_language", default="en")

_folders: list[Path] = [Path(__file__).resolve().parent.parent / "locale"]
_catalogues: dict[Language, _gettext.NullTranslations] = {}


@dataclass(frozen=True)
class Message:
    """A text with its values, not yet in any language.

    `str()` puts it into the language of the present context; `in_language` into a named one. A value that is itself
    a message is translated with it.
    """

    id: str
    values: Mapping[str, Any] = field(default_factory=dict)
    plural: str | None = None
    number: int | None = None

    def in_language(self, to: Language) -> str:
        """The text in the language `to`, with its values filled in."""
        catalogue = _catalogue(to)
        if self.plural is not None and self.number is not None:
            text = catalogue.ngettext(self.id, self.plural, self.number)
        else:
            text = catalogue.gettext(self.id) if self.id else ""
        if not self.values:
            return text
        return text.format(**{k: v.in_language(to) if isinstance(v, Message) else v for k, v in self.values.items()})

    def in_both(self) -> dict[str, str]:
        """The text in every language, as findings and receipts keep it."""
        return {each: self.in_language(each) for each in LANGUAGES}

    def __str__(self) -> str:
        return self.in_language(language.get())

    def __hash__(self) -> int:
        return hash((self.id, self.plural, self.number))


def _(text: str, /, **values: Any) -> Message:
    """Mark `text` for translation; `{name}` in it is filled from `values` when it is read."""
    return Message(text, values)


def _n(one: str, many: str, number: int, /, **values: Any) -> Message:
    """Mark a text that depends on a number, which it may name as `{number}`."""
    return Message(one, {"number": number, **values}, plural=many, number=number)


@contextmanager
def speaking(to: Language) -> Iterator[None]:
    """Put messages into the language `to` for as long as the block lasts."""
    token = language.set(to)
    try:
        yield
    finally:
        language.reset(token)


def add_catalogue(folder: Path) -> None:
    """Read translations from `folder/<language>/LC_MESSAGES/*.po` too."""
    if folder not in _folders:
        _folders.append(folder)
        _catalogues.clear()


def translations(to: Language) -> _gettext.NullTranslations:
    """The gettext catalogue for `to`, as templates want it."""
    return _catalogue(to)


def _catalogue(to: Language) -> _gettext.NullTranslations:
    found = _catalogues.get(to)
    if found is None:
        found = _catalogues[to] = _load(to)
    return found


def _load(to: Language) -> _gettext.NullTranslations:
    merged = _gettext.NullTranslations()
    if to == "en":
        return merged
    loaded: _gettext.GNUTranslations | None = None
    for folder in _folders:
        for source in sorted((folder / to / "LC_MESSAGES").glob("*.po")):
            part = _gettext.GNUTranslations(io.BytesIO(_compiled(source)))
            if loaded is None:
                loaded = part
            else:
                loaded.add_fallback(part)
    return loaded or merged


def _compiled(source: Path) -> bytes:
    ready = source.with_suffix(".mo")
    if ready.exists() and ready.stat().st_mtime >= source.stat().st_mtime:
        return ready.read_bytes()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as text:
        catalogue = read_po(text)
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()
