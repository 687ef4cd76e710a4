"""Templates into pages: the environment, what every template knows, and the frame around each page."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from convenio.core.words import Language, Message, _, _n, language
from convenio.people.roles import Role
from convenio.web import language as words
from convenio.web.security import LARGEST_FILE, local

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
ASSETS = HERE / "assets"
Theme = Literal["auto", "light", "dark"]

on_paper: ContextVar[bool] = ContextVar("convenio_on_paper", default=False)
"""Whether what is made is a report: pictures as drawn, no script, every table whole."""


@dataclass(frozen=True)
class Place:
    """One entry of the navigation; without roles it is open to everyone who is signed in."""

    address: str
    title: Message
    roles: tuple[Role, ...] = ()

    def open_to(self, held: Collection[str]) -> bool:
        """Whether someone who holds these roles may go there."""
        return not self.roles or any(each in held for each in self.roles)


@dataclass(frozen=True)
class Group:
    """Entries of the navigation that stand together, under a heading."""

    title: Message
    places: Sequence[Place]


@dataclass(frozen=True)
class Viewer:
    """What a page knows of the one who looks at it: everything but the rights, which are asked for at each door."""

    name: str = ""
    title: str = ""
    agency: str = ""
    roles: tuple[str, ...] = ()
    theme: Theme = "auto"
    language: Language = "en"
    navigation: Sequence[Group] = ()
    waiting: int = 0


@dataclass(frozen=True)
class Site:
    """The node as its pages name it: party code, the party's and the node's titles, the program's version."""

    party: str
    title: str
    version: str
    development: bool = False


@dataclass
class Pages:
    """Answers with pages.

    Args:
        site: the node.
        folders: template folders by the prefix they are named under: `console/home.html`.
        clock: what time it is.
    """

    site: Site
    folders: Mapping[str, Path] = field(default_factory=dict)
    clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)

    def __post_init__(self) -> None:
        self.environment = environment(self.folders)

    def add(self, prefix: str, folder: Path) -> None:
        """Find the templates of `folder` under `prefix/` too."""
        self.folders = {**self.folders, prefix: folder}
        self.environment = environment(self.folders)

    def text(self, template: str, request: Request | None = None, **values: Any) -> str:
        """The page as text, in the present language."""
        viewer = getattr(request.state, "viewer", None) if request is not None else None
        known = {
            "site": self.site,
            "viewer": viewer or Viewer(language=language.get()),
            "request": request,
            "here": request.url.path if request is not None else "",
            "stay": stay(request),
            "speaking_address": lambda spoken: stay(request, lang=spoken),
            "language": language.get(),
            "now": self.clock(),
        }
        return self.environment.get_template(template).render({**known, **values})

    def page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """The page as an answer."""
        return HTMLResponse(
            self.text(template, request, **values),
            status_code=status,
            headers={"content-language": language.get(), "vary": "Cookie, Accept-Language"},
        )


def environment(folders: Mapping[str, Path]) -> Environment:
    """A Jinja environment that escapes everything, knows the words, and stumbles over any name it was not given."""
    made = Environment(
        loader=ChoiceLoader(
            [
                PrefixLoader({prefix: FileSystemLoader(folder) for prefix, folder in folders.items()}),
                FileSystemLoader(HERE / "templates"),
            ]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        {
            "_": _,
            "_n": _n,
            "asset": asset,
            "bundled": bundled,
            "languages": words.NAMES,
            "address": address,
            "spoken": spoken,
            "on_paper": on_paper.get,
            "swatch": swatch,
            "once": once,
            "largest": LARGEST_FILE,
        }
    )
    made.filters.update(
        {
            "number": words.number,
            "percent": words.percent,
            "day": words.day,
            "moment": words.moment,
            "since": words.since,
            "size": words.size,
            "said": said,
            "data": data_block,
            "inked": inked,
        }
    )
    return made


def said(value: Any) -> str:
    """A text that is held in both languages (`{"en": …, "es": …}`), as a message or plainly, in the present one."""
    if isinstance(value, Mapping):
        return str(value.get(language.get()) or value.get("en") or next(iter(value.values()), ""))
    return "" if value is None else str(value)


def spoken(texts: Mapping[str, Message]) -> dict[str, str]:
    """Messages as texts in the present language, for a page module."""
    return {name: str(each) for name, each in texts.items()}


def data_block(value: Any) -> Markup:
    """JSON that may stand inside a `<script type="application/json">`: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, default=str, separators=(",", ":"))
    for each in "<>&\u2028\u2029":
        text = text.replace(each, f"\\u{ord(each):04x}")
    return Markup(text)  # noqa: S704 - every character that HTML reads is escaped above


def once() -> Markup:
    """The hidden field that names this showing of a form, so that sending it twice acts once."""
    return Markup('<input type="hidden" name="once" value="{}">').format(secrets.token_urlsafe(16))


def swatch(tone: str) -> Markup:
    """A square of a tone, for a legend."""
    return Markup(
        '<svg class="drawn" viewBox="0 0 10 10" aria-hidden="true"><rect class="{}" width="10" height="10"/></svg>'
    ).format(tone)


def inked(drawing: Markup) -> Markup:
    """A drawing with its own colours within it, for a report: a PDF does not take a page's styles into its pictures."""
    if not drawing or not on_paper.get():
        return drawing
    style = (STATIC / "ink.css").read_text(encoding="utf-8")
    return Markup(str(drawing).replace(">", f"><style>{style}</style>", 1))  # noqa: S704 - a drawing of ours and our own file


def address(path: str, **parameters: Any) -> str:
    """An address with its parameters; those that are None or empty are left out."""
    given = {name: value for name, value in parameters.items() if value not in (None, "")}
    return f"{path}?{urlencode(given, doseq=True)}" if given else path


def stay(request: Request | None, **changed: str) -> str:
    """The address of the page that is open, with its filters and its place, and with some parameters changed.

    What was answered to a form has no address of its own that could be opened: the form's page is taken instead.
    """
    if request is None:
        return address("", **changed)
    path, query = request.url.path, request.url.query
    if request.method not in ("GET", "HEAD"):
        before = urlsplit(local(request.headers.get("referer", "").partition(request.url.netloc)[2]))
        path, query = before.path or "/", before.query
    given = [each for each in parse_qsl(query, keep_blank_values=True) if each[0] not in {*changed, "lang"}]
    told = urlencode([*given, *changed.items()])
    return f"{path}?{told}" if told else path


def bundled(name: str) -> bool:
    """Whether a page module has been built here: `make assets`, or the wheel's build, makes them."""
    return (ASSETS / f"{name}.js").is_file()


def asset(name: str) -> str:
    """The address of one of our own files, with its digest, so that it may be cached for ever."""
    return f"/assets/{name}?v={_digest(name, *_stamp(name))}"


def find_asset(name: str) -> Path | None:
    """The file behind an address below `/assets/`; None for anything that is not directly one of ours."""
    for folder in (STATIC, ASSETS):
        path = folder / name
        if "/" not in name and "\\" not in name and not name.startswith(".") and path.is_file():
            return path
    return None


def _stamp(name: str) -> tuple[int, int]:
    path = find_asset(name)
    if path is None:
        return (0, 0)
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@cache
def _digest(name: str, modified: int, length: int) -> str:
    path = find_asset(name)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path else f"{modified}{length}"
