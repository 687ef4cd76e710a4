"""What a program's pages are given: the frame, the one who looks, and the rooms they may use."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from convenio.core.errors import NotFound
from convenio.core.program import Program
from convenio.core.words import Message, _
from convenio.custody.holdings import Holdings
from convenio.people.accounts import Person
from convenio.people.roles import Role
from convenio.web.forms import sending
from convenio.web.maps import Maps
from convenio.web.pages import Pages, Place
from convenio.work.acts import Acts
from convenio.work.border import Border
from convenio.work.jobs import Jobs
from convenio.work.marks import Marks
from convenio.work.queue import Queue
from convenio.work.sent_forms import SentForms

MOST_FIELDS = 2_000
MOST_FILES = 5


class SignInNeeded(Exception):
    """Nobody is signed in, or no longer; answered by the sign-in page, which keeps what was typed."""


def signed_in(request: Request) -> Person:
    """The person who asks.

    Raises:
        SignInNeeded: there is none.
    """
    person: Person | None = getattr(request.state, "person", None)
    if person is None:
        raise SignInNeeded
    return person


async def sent(request: Request) -> AsyncIterator[FormData]:
    """The form that was sent; its files are gone when the answer is."""
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS) as form:
        yield form


Sent = Annotated[FormData, Depends(sent)]


@dataclass
class ProgramPages:
    """Handed to the function that a program names as its `pages`; that function returns an `APIRouter`.

    Routes are relative to `/programs/<name>`; the console has the routes `/` (unless the program sets `home`) and
    `/methods/…` of that place itself.

    Args:
        program: the program.
        pages: renders pages.
        now: the node's clock.
        folder: a folder of the program's own in the node's home, made when it is first used.
        holdings: custody's door to the party's own records.
        queue: the findings queue.
        border: what passed the border, as counts and as lists for a person.
        marks: what a page that shows persons bears.
        maps: outlines by name, such as `us-counties`, `mx-states`, or one that was brought in.
        acts: leaves an entry of an act in the internal ledger.
        sent_forms: which showings of forms have acted; used by `once`.
        jobs: takes long work; a kind's name begins with the program's, such as `finance:screen`.
        places: entries of the navigation, filled in by `place`.
    """

    program: Program
    pages: Pages
    now: Callable[[], dt.datetime]
    folder: Path
    holdings: Holdings | None = None
    queue: Queue | None = None
    border: Border | None = None
    marks: Marks | None = None
    maps: Maps | None = None
    acts: Acts | None = None
    sent_forms: SentForms | None = None
    jobs: Jobs | None = None
    places: list[Place] = field(default_factory=list)

    @property
    def base(self) -> str:
        """Where the program's pages stand."""
        return f"/programs/{self.program.command}"

    def page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A page from one of the program's own templates, by its name in `<program>/templates/`."""
        return self.pages.page(request, f"{self.program.name}/{template}", status=status, base=self.base, **values)

    def place(self, address: str, title: Message, *roles: Role) -> None:
        """Name a page of the program on the program's own page.

        Args:
            address: relative, e.g. `/scorecard`.
            title: what it is called.
            *roles: those who are led there, the same as the page's own `require`; everyone without one.
        """
        self.places.append(Place(self.base + address, title, roles))

    def person(self, request: Request) -> Person:
        """The person who asks; without one the sign-in page answers."""
        return signed_in(request)

    def require(self, request: Request, *roles: Role) -> Person:
        """The person who asks, if the person holds one of the roles.

        Raises:
            NotFound: the person does not; the answer says nothing of whether the page exists.
        """
        person = signed_in(request)
        if not person.has(*roles):
            raise NotFound(_("there is no such page for you"), where=request.url.path)
        return person

    def once(self, request: Request, sent: FormData, do: Callable[[], str]) -> str:
        """Do what a form asks for, once, however often it was sent; the address to go on to.

        Args:
            request: the request that came with the form.
            sent: what was sent; the form bears `{{ once() }}`, or was made by the macro `form`.
            do: the act; returns the address. If it raises, the form may be sent again.

        Raises:
            Conflict: the first sending is still being worked on.
        """
        if self.sent_forms is None:
            return do()
        return self.sent_forms.act(signed_in(request), sending(sent, request.url.path), do)

    def shown_to(self, request: Request, subject: str) -> str:
        """The mark of a page that shows persons, to be given to `page` as `shown_to`; it leaves a ledger entry."""
        return self.marks.show(signed_in(request), subject) if self.marks is not None else ""

    def own_folder(self) -> Path:
        """The program's folder in the node's home."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self.folder
