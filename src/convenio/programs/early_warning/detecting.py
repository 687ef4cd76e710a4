"""Detection in a node: its form, and the job that runs it; a job that a restart cuts short begins anew."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from convenio.core.errors import ConvenioError
from convenio.core.unfit import why
from convenio.core.words import _, language
from convenio.people.accounts import Person
from convenio.programs.early_warning.arguments import SERVES, DetectParams, chosen
from convenio.programs.early_warning.kept import Kept, Shelf
from convenio.programs.early_warning.runs import run_detection
from convenio.web.forms import Field, Form
from convenio.web.pages import address
from convenio.web.program_pages import ProgramPages, Sent
from convenio.work.jobs import Task

KIND = "early_warning:detect"
METHODS = (
    ("farrington-flexible", _("Farrington flexible: regression on the same weeks of five years (Noufaily 2013)")),
    ("farrington", _("Farrington 1996, as R's algo.farrington")),
    (
        "harmonic",
        _("harmonic: regression on every week, with the season as waves and a trend where they earn their place"),
    ),
    ("ears-c1", _("EARS C1: the seven periods just before")),
    ("ears-c2", _("EARS C2: seven periods, two before the one under test")),
    ("ears-c3", _("EARS C3: the sum of C2 over three periods")),
    ("cusum", _("CUSUM: small rises that last")),
    ("glr", _("GLR: a lasting shift of unknown size")),
    ("bayes", _("Bayes: the same weeks of earlier years")),
    ("rki", _("RKI: the same weeks of earlier years, two standard deviations")),
    ("cdc", _("CDC: blocks of four weeks of five years")),
)
ASKED = ("method", "last", "alpha", "complete_from", "status", "gaps", "as_of")


def run_form(found: Sequence[Kept]) -> Form:
    """What is asked before a run.

    Args:
        found: the collections of the agency.
    """
    return Form(
        (
            Field("counts", _("Counts"), "select", required=True, choices=[(each.id, each.title) for each in found]),
            Field("method", _("Method"), "select", required=True, choices=METHODS),
            Field("last", _("Periods at the end that are tested"), "number", required=True),
            Field(
                "alpha", _("False-alarm rate of one period"), "number", hint=_("The method's own where it is empty.")
            ),
            Field("complete_from", _("Least percent complete of a period that may be an alarm"), "number"),
            Field(
                "status",
                _("Counts that are tested; the others are shown"),
                "select",
                choices=[("final", _("final")), ("preliminary", _("preliminary"))],
            ),
            Field(
                "gaps",
                _("Gaps in a series"),
                "select",
                choices=[
                    ("refuse", _("a gap is refused")),
                    ("missing", _("a gap is a count that is missing")),
                    ("zero", _("a gap is no case")),
                ],
            ),
            Field("as_of", _("Counts as they were known on"), "date"),
        ),
        values={
            "counts": found[0].id if found else "", "method": METHODS[0][0], "last": "1", "status": "final",
            "gaps": "refuse",
        },
    )  # fmt: skip


def order(web: ProgramPages, request: Request, person: Person, sent: Sent, form: Form) -> RedirectResponse | None:
    """Start the job that a form asks for, once; None where the form does not fit, with its errors filled in.

    Args:
        web: the frame.
        request: the request.
        person: who asks.
        sent: what was sent.
        form: as `run_form` makes it.
    """
    texts = form.read(sent)
    params = None if form.errors else _params(form, {name: texts[name].replace(",", ".") for name in ASKED})
    if params is None or web.jobs is None:
        return None
    kept = Shelf(web.own_folder(), person.agency).get(texts["counts"])
    row = {"counts": kept.id, "detect": params.model_dump(mode="json"), "language": language.get()}
    title = _("Detection: {title}", title=kept.title)
    jobs = web.jobs
    to = web.once(request, sent, lambda: f"/jobs/{jobs.start(KIND, person, title, row)}")
    return RedirectResponse(to, status_code=303)


def _params(form: Form, given: dict[str, str]) -> DetectParams | None:
    try:
        made = DetectParams.model_validate({name: value for name, value in given.items() if value})
        chosen(made.method, {name: getattr(made, name) for name in SERVES})
    except ValidationError as error:
        labels = {each.name: each.label for each in form.fields}
        for each in error.errors():
            name = str(each["loc"][0])
            form.wrong(name, _("{label}: {why}", label=labels.get(name, name), why=why(each)))
        return None
    except ConvenioError as error:
        name = str(error.where or "").lstrip("-")
        form.wrong(
            name if name in ASKED else "method", _("{what}; {advice}", what=error.what, advice=error.advice or "")
        )
        return None
    return made


def handle(web: ProgramPages, task: Task) -> str:
    """Run detection as its row says; the address at which its alarms stand.

    What the rows note is in the language of the one who ordered it.

    Raises:
        NotFound: the counts are no longer here.
        InputError: as the method; nothing is kept.
    """
    shelf = Shelf(web.own_folder(), task.person.agency)
    kept = shelf.get(str(task.params["counts"]))
    token = language.set("es" if task.params["language"] == "es" else "en")
    try:
        run_detection(
            shelf,
            kept,
            DetectParams.model_validate(task.params["detect"]),
            queue=web.queue,
            person=task.person,
            now=web.now(),
            home=web.own_folder(),
            job=task.number,
            progress=task.tell,
        )
    finally:
        language.reset(token)
    return address(f"{web.base}/alerts", counts=kept.id, run=task.number)
