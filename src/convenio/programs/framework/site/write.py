"""The public site: a folder of plain HTML files in both languages that opens from a disk, without a server."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from convenio.core.errors import InputError
from convenio.core.words import LANGUAGES, Language, Message, _, speaking
from convenio.programs.framework import content
from convenio.programs.framework.evidence import Value
from convenio.programs.framework.reading import Reading
from convenio.programs.framework.scorecard import Scorecard
from convenio.programs.framework.shown import BODIES, LISTS, Lists, SiteLinks, figure_of, tables_of, words_of
from convenio.programs.framework.site.paper import given, paper, still
from convenio.programs.framework.site.report import report_text
from convenio.web.pages import STATIC, Pages

SHEETS = ("convenio.css", "blocks.css")
MARK = ".convenio-site"
REPORTS: dict[Language, str] = {"en": "report.html", "es": "informe.html"}


def write_site(card: Scorecard, evidence: Iterable[Value], today: dt.date, folder: Path) -> int:
    """Write the public site into a folder; one that was written before is replaced, whole or not at all.

    Args:
        card: the scorecard; only its public level is read.
        evidence: values from operations; only public ones are written.
        today: the day it is of.
        folder: where; it does not exist, is empty, or holds a site written before.

    Returns:
        How many files were written.

    Raises:
        InputError: the folder holds something else, or cannot be written; nothing was changed.
    """
    _may_write(folder)
    files = site_files(card, evidence, today)
    try:
        _replace(folder, files)
    except OSError as error:
        raise InputError(
            _("this cannot be written: {why}", why=error.strerror or str(error)),
            where=str(folder),
            kept=_("nothing was changed"),
        ) from error
    return len(files)


def site_zip(card: Scorecard, evidence: Iterable[Value], today: dt.date) -> bytes:
    """The public site as one archive, to be unpacked where it is to be seen."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in site_files(card, evidence, today).items():
            archive.writestr(name, text)
    return out.getvalue()


def site_files(card: Scorecard, evidence: Iterable[Value], today: dt.date) -> dict[str, str]:
    """Every file of the public site by its name."""
    values = [each for each in evidence if each.publication == "public"]
    files: dict[str, str] = {"style.css": _styles(), MARK: today.isoformat() + "\n"}
    pages = paper(today)
    with still():
        for to in LANGUAGES:
            with speaking(to):
                reading = Reading(card.at("public"), values, today, "public")
                files.update({f"{to}/{name}": text for name, text in _of_language(pages, reading, to)})
                files[f"{to}/{REPORTS[to]}"] = report_text(card.at("public"), values, today, level="public")
        files["index.html"] = pages.text("framework/site_front.html", None, reports=REPORTS)
    return files


def _of_language(pages: Pages, reading: Reading, to: Language) -> Iterator[tuple[str, str]]:
    """Each page of the site in the present language, by its file."""
    numbers = {each.id for each in reading.held.commitments}
    named = {(each.program, each.indicator) for each in reading.held.evidence}

    def page(template: str, name: str, up: int, title: Message | str, **values: Any) -> tuple[str, str]:
        links = SiteLinks(up, numbers, named)
        told = given(links, r=reading, level="public", title=title, here_file=name, up="../" * up, report=REPORTS[to])
        return name, pages.text(f"framework/{template}", None, **{**told, "places": PLACES, **values})

    yield page("site_scorecard.html", "index.html", 0, _("Scorecard"))
    lists = Lists(reading, SiteLinks(0, numbers, named))
    for name, title, lead, note in LISTS:
        yield page("site_list.html", f"{name}.html", 0, title, lead=lead, note=note, tables=tables_of(name, lists))
    for name, title in BODIES:
        yield page("site_body.html", f"{name}.html", 0, title, which=name, plan=content.plan())
    figures = {each.indicator.id: figure_of(each) for each in reading.measured if each.observations}
    for sheet in reading.sheets:
        number = sheet.commitment.id
        headed = f"{number}: {words_of(sheet.commitment, 'text')}"
        yield page("site_commitment.html", f"commitments/{number}.html", 1, headed, s=sheet, figures=figures)
    for each in reading.held.evidence:
        yield page(
            "site_body.html",
            f"evidence/{each.program}-{each.indicator}.html",
            1,
            each.title[to],
            which="value",
            v=each,
            history=[each],
        )


PLACES: tuple[tuple[str, Message], ...] = (
    ("index.html", _("Scorecard")),
    *((f"{name}.html", title) for name, title, _lead, _note in LISTS),
    *((f"{name}.html", title) for name, title in BODIES),
)


def _styles() -> str:
    sheets = "\n".join((STATIC / each).read_text(encoding="utf-8") for each in SHEETS)
    on_print = (STATIC / "print.css").read_text(encoding="utf-8")
    page, _rule, rest = on_print.partition("}\n")
    own = Path(__file__).with_name("site.css").read_text(encoding="utf-8")
    return f"{sheets}\n{own}\n{page}}}\n@media print {{\n{rest}\n.site-nav {{ display: none; }}\n}}\n"


def _may_write(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / MARK).exists())):
        raise InputError(
            _("this folder holds something else than a site"),
            where=str(folder),
            advice=_("choose a folder that does not exist yet"),
            kept=_("nothing was changed"),
        )


def _replace(folder: Path, files: dict[str, str]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name, text in files.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        new.chmod(0o755)
        old = None
        if folder.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
            folder.rename(old / "old")
        new.rename(folder)
        if old is not None:
            shutil.rmtree(old, ignore_errors=True)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
