"""What every page of the console works with."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import convenio
from convenio.console.navigation import navigation
from convenio.console.results import Results
from convenio.console.view import NodeView, part, setting, vault
from convenio.console.visits import Cookies
from convenio.core.errors import NotFound
from convenio.core.program import Program
from convenio.core.words import Language, Message, _
from convenio.custody.holdings import Holdings
from convenio.people.accounts import People, Person
from convenio.people.credentials import Credentials
from convenio.web.maps import Maps
from convenio.web.pages import Pages, Site, Viewer
from convenio.web.program_pages import ProgramPages
from convenio.work.acts import Acts
from convenio.work.border import Border
from convenio.work.case_files import CaseFiles
from convenio.work.intake import Intake
from convenio.work.jobs import Jobs
from convenio.work.marks import Marks
from convenio.work.parcels import Parcels
from convenio.work.queue import Queue
from convenio.work.sent_forms import SentForms
from convenio.work.views import Views

TEMPLATES = Path(__file__).resolve().parent / "templates"


@dataclass(frozen=True)
class Console:
    """The console of one node: its pages and the rooms behind them."""

    node: NodeView
    pages: Pages
    people: People
    credentials: Credentials
    cookies: Cookies
    now: Callable[[], dt.datetime]
    language: Language
    border: Border
    queue: Queue
    cases: CaseFiles
    jobs: Jobs
    views: Views
    sent_forms: SentForms
    results: Results
    marks: Marks
    intake: Intake
    maps: Maps
    parcels: Parcels
    holdings: Holdings | None
    programs: Mapping[str, ProgramPages]
    stopping: threading.Event = field(default_factory=threading.Event)
    """Set when the node begins to stop, so that streams end by themselves."""

    def frame(self, person: Person | None, viewer: Viewer) -> Viewer:
        """The viewer of a signed-in person: with the navigation of the person's roles and what waits."""
        if person is None:
            return viewer
        return replace(
            viewer,
            name=person.name,
            title=person.full_name,
            agency=self.agency(person.agency),
            roles=tuple(sorted(person.roles)),
            navigation=navigation(person, self.programs),
            waiting=self.waiting(person),
        )

    def part(self, name: str) -> Any:
        """A part of the node that the pages act on.

        Raises:
            NotFound: this node has none, since it has no peer.
        """
        found = part(self.node, name)
        if found is None:
            raise NotFound(_("this node has no {part}", part=name), advice=_("it stands alone; a peer is added first"))
        return found

    def peers(self) -> list[dict[str, Any]]:
        """The peers of this node; it knows itself too, which is left out."""
        return [each for each in self.border.peers() if each["party"] != self.node.settings.party]

    def agency(self, name: str) -> str:
        """An agency's title in the present language."""
        from convenio.core.words import language

        found = next((each for each in self.people.agencies() if each["name"] == name), None)
        return found[language.get()] if found else name

    def program_title(self, name: str) -> Message | str:
        """A program in words; its name where it is not installed here."""
        found = self.programs.get(name)
        return found.program.title if found is not None else name

    def waiting(self, person: Person) -> int:
        """How many things wait for the person."""
        decisions = self.border.counts().waiting if person.has("releasing_officer", "supervisor") else 0
        return decisions + (self.queue.waiting(person) if person.has("analyst") else 0)


def _program(node: NodeView, pages: Pages, queue: Queue, jobs: Jobs, program: Program) -> ProgramPages:
    folder = program.folder / "templates"
    if folder.is_dir():
        pages.add(program.name, folder)
    home = Path(node.settings.home) / "programs" / program.name
    border = Border(node.store, node.clock)
    marks = Marks(node.store, node.clock)
    maps = Maps(Path(node.settings.home) / "maps")
    acts = Acts(node.store, node.clock, program.name)
    sent_forms = SentForms(node.store, node.clock)
    held = part(node, "holdings")
    return ProgramPages(program, pages, node.clock, home, held, queue, border, marks, maps, acts, sent_forms, jobs)


def open_console(node: NodeView, programs: Mapping[str, Program]) -> Console:
    """The console of a node."""
    now = node.clock
    queue = Queue(node.store, now, part(node, "derived"))
    party = node.settings.party
    title = setting(node, "title", "") or setting(node, "name", "") or party.upper()
    site = Site(
        party=party,
        title=str(title),
        version=convenio.__version__,
        development=bool(setting(node, "development", False)),
    )
    pages = Pages(site, {"console": TEMPLATES / "console"}, now)
    jobs = Jobs(node.store, node.people, now)
    parcels = Parcels(vault(node), Path(node.settings.home) / "parcels", now)
    spoken: Language = "es" if setting(node, "language", "en") == "es" else "en"
    return Console(
        node=node,
        pages=pages,
        people=node.people,
        credentials=node.credentials,
        cookies=Cookies(f"{party}|{node.settings.home}", int(setting(node, "port", 0) or 0)),
        now=now,
        language=spoken,
        border=Border(node.store, now),
        queue=queue,
        cases=CaseFiles(node.store, now),
        jobs=jobs,
        views=Views(node.store, now),
        sent_forms=SentForms(node.store, now),
        results=Results(jobs, parcels, now, part(node, "derived")),
        parcels=parcels,
        intake=Intake(parcels),
        marks=Marks(node.store, now),
        maps=Maps(Path(node.settings.home) / "maps"),
        holdings=part(node, "holdings"),
        programs={name: _program(node, pages, queue, jobs, each) for name, each in programs.items()},
    )
