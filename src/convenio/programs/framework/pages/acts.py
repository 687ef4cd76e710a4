"""Acts: give a judgement, enter a value, move a step, call it done. Every one goes through the scorecard's rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from convenio.core.errors import Conflict, ConvenioError, InputError, NotFound
from convenio.core.words import Message, _
from convenio.people.accounts import Person
from convenio.programs.framework.model import Amendment, Milestone, Observation, Rating
from convenio.programs.framework.model.base import read_day
from convenio.programs.framework.pages import forms
from convenio.programs.framework.pages.desk import SECRETARIAT, Desk
from convenio.programs.framework.scorecard import fitted
from convenio.programs.framework.shown import words_of
from convenio.web.forms import Form
from convenio.web.program_pages import Sent


def add(made: APIRouter, desk: Desk) -> None:
    """Add the routes."""
    _rate(made, desk)
    _observe(made, desk)
    _amend(made, desk)
    _done(made, desk)


def _rate(made: APIRouter, desk: Desk) -> None:
    web = desk.web

    def shown(request: Request, person: Person, number: str, form: Form, error: ConvenioError | None) -> Response:
        sheet = desk.reading().sheet(number)
        return form_page(
            desk,
            request,
            form,
            error,
            title=_("Give a judgement"),
            about=f"{number}: {words_of(sheet.commitment, 'text')}",
            lead=_("You judge as: {rater}.", rater=forms.RATERS[_rater(desk, person, request)]),
            names=[each.indicator.id for each in sheet.measured if each.observations]
            + [each.id for each in sheet.milestones if each.done_on is not None]
            + [each.id for each in sheet.documents]
            + [each.id for each in sheet.evaluations]
            + sorted({audit.id for audit, _each in sheet.recommendations}),
            back=f"{web.base}/commitments/{number}",
            action=f"{web.base}/commitments/{number}/rate",
            send=_("Give this judgement"),
        )

    @made.get("/commitments/{number}/rate")
    def ask(request: Request, number: str) -> Response:
        person = web.person(request)
        rater = _rater(desk, person, request)
        form = forms.rating(rater, version=_next_version(desk, number, rater))
        return shown(request, person, number, form, None)

    @made.post("/commitments/{number}/rate")
    def rate(request: Request, number: str, sent: Sent) -> Response:
        person = web.person(request)
        rater = _rater(desk, person, request)
        form = forms.rating(rater)
        told = form.read(sent)
        if form.errors:
            return shown(request, person, number, form, None)
        evidence = tuple(each.strip() for each in told["evidence"].split("\n") if each.strip())

        def act() -> str:
            card = desk.card()
            made_of = {
                "commitment": number,
                "rater": rater,
                "completion": told["completion"],
                "result": told["result"],
                "evidence": evidence,
                "independence": told.get("independence", ""),
                "comments_from": _day_or_none(told.get("comments_from", "")),
                "comments_to": _day_or_none(told.get("comments_to", "")),
                "given_on": desk.today,
                "expires_on": card.good_until(evidence, desk.today, number),
                "by": person.name,
                "version": _whole(told["version"], _("version")),
                "publication": told["publication"],
            }
            rating = fitted(Rating, made_of, number)
            card.rate(rating)
            desk.note(person, "rated", number, rating)
            return f"{web.base}/commitments/{number}?done=rated"

        try:
            to = web.once(request, sent, act)
        except ConvenioError as error:
            if isinstance(error, Conflict):
                form.values["version"] = str(_next_version(desk, number, rater))
            return shown(request, person, number, form, error)
        return RedirectResponse(to, status_code=303)


def _observe(made: APIRouter, desk: Desk) -> None:
    web = desk.web

    def shown(request: Request, name: str, form: Form, error: ConvenioError | None) -> Response:
        measured = desk.reading().indicator(name)
        number = measured.indicator.commitment
        return form_page(
            desk,
            request,
            form,
            error,
            title=_("Enter a value of {title}", title=words_of(measured.indicator, "title")),
            about=number,
            lead=_(
                "Unit: {unit}. A value is never overwritten: a correction is the next version.",
                unit=measured.indicator.unit,
            ),
            back=f"{web.base}/commitments/{number}",
            action=f"{web.base}/indicators/{name}/observe",
            send=_("Enter this value"),
        )

    @made.get("/indicators/{name}/observe")
    def ask(request: Request, name: str) -> Response:
        web.require(request, *SECRETARIAT)
        return shown(request, name, forms.observation(), None)

    @made.post("/indicators/{name}/observe")
    def observe(request: Request, name: str, sent: Sent) -> Response:
        person = web.require(request, *SECRETARIAT)
        form = forms.observation()
        told = form.read(sent)
        if form.errors:
            return shown(request, name, form, None)

        def act() -> str:
            card = desk.card()
            held = card.indicator(name)
            made_of = {
                "indicator": name,
                "on": read_day(told["on"]),
                "value": _number(told["value"], _("Value")),
                "low": _number_or_none(told["low"], _("Lower end")),
                "high": _number_or_none(told["high"], _("Upper end")),
                "source": told["source"],
                "version": _whole(told["version"] or "1", _("version")),
                "entered_at": web.now(),
                "entered_by": person.name,
                "said": told["said"],
                "publication": told["publication"],
            }
            value = fitted(Observation, made_of, name)
            card.observe(value)
            desk.note(person, "observed", name, value)
            return f"{web.base}/commitments/{held.commitment}?done=observed"

        try:
            to = web.once(request, sent, act)
        except ConvenioError as error:
            return shown(request, name, form, error)
        return RedirectResponse(to, status_code=303)


def _amend(made: APIRouter, desk: Desk) -> None:
    web = desk.web

    @made.get("/milestones/{name}/amend")
    def ask(request: Request, name: str) -> Response:
        web.require(request, *SECRETARIAT)
        step = desk.reading().milestone(name)
        return _step_page(desk, request, step, forms.amendment(seen=len(step.amendments)), None, "amend")

    @made.post("/milestones/{name}/amend")
    def amend(request: Request, name: str, sent: Sent) -> Response:
        person = web.require(request, *SECRETARIAT)
        step, form = desk.reading().milestone(name), forms.amendment()
        told = form.read(sent)
        if form.errors:
            return _step_page(desk, request, step, form, None, "amend")

        def act() -> str:
            made_of = {"due": read_day(told["due"]), "by": person.name, "on": desk.today, "reason": told["reason"]}
            seen = _whole(told["seen"] or "0", _("version"))
            moved = desk.card().amend(name, fitted(Amendment, made_of, name), seen)
            desk.note(person, "amended", name, moved)
            return f"{web.base}/commitments/{step.commitment}?done=amended"

        try:
            to = web.once(request, sent, act)
        except ConvenioError as error:
            if isinstance(error, Conflict):
                form.values["seen"] = str(len(step.amendments))
            return _step_page(desk, request, step, form, error, "amend")
        return RedirectResponse(to, status_code=303)


def _done(made: APIRouter, desk: Desk) -> None:
    web = desk.web

    @made.get("/milestones/{name}/done")
    def ask(request: Request, name: str) -> Response:
        web.require(request, *SECRETARIAT)
        return _step_page(desk, request, desk.reading().milestone(name), forms.completion(), None, "done")

    @made.post("/milestones/{name}/done")
    def done(request: Request, name: str, sent: Sent) -> Response:
        person = web.require(request, *SECRETARIAT)
        step, form = desk.reading().milestone(name), forms.completion()
        told = form.read(sent)
        if form.errors:
            return _step_page(desk, request, step, form, None, "done")

        def act() -> str:
            evidence = [each.strip() for each in told["evidence"].split("\n") if each.strip()]
            day = read_day(told["on"])
            over = desk.card().done(name, on=day, by=person.name, today=desk.today, evidence=evidence)
            desk.note(person, "done", name, over)
            return f"{web.base}/commitments/{step.commitment}?done=done"

        try:
            to = web.once(request, sent, act)
        except ConvenioError as error:
            return _step_page(desk, request, step, form, error, "done")
        return RedirectResponse(to, status_code=303)


def _step_page(
    desk: Desk, request: Request, step: Milestone, form: Form, error: ConvenioError | None, act: str
) -> Response:
    title = words_of(step, "title")
    return form_page(
        desk,
        request,
        form,
        error,
        title=_("Move “{title}”", title=title) if act == "amend" else _("Mark “{title}” done", title=title),
        about=step.commitment,
        lead=_("Due on {day}; first agreed for {first}.", day=step.due.isoformat(), first=step.first_due.isoformat()),
        back=f"{desk.web.base}/commitments/{step.commitment}",
        action=f"{desk.web.base}/milestones/{step.id}/{act}",
        send=_("Move it") if act == "amend" else _("It is done"),
    )


def form_page(
    desk: Desk,
    request: Request,
    form: Form,
    error: ConvenioError | None,
    *,
    title: Message,
    about: str,
    lead: Message,
    back: str,
    action: str,
    send: Message,
    names: Sequence[str] = (),
) -> Response:
    """A page with one form, what was wrong with it, and where one came from."""
    status = error.status if error is not None else 422 if form.errors else 200
    newer = _("Sent again, it stands beside what was entered in the meantime.") if isinstance(error, Conflict) else None
    return desk.web.page(
        request,
        "page_form.html",
        status=status,
        **desk.given(
            form=form,
            error=error,
            newer=newer,
            title=title,
            about=about,
            lead=lead,
            back=back,
            action=action,
            send=send,
            names=names,
        ),
    )


def _rater(desk: Desk, person: Person, request: Request) -> Any:
    rater = desk.rater(person)
    if rater is None:
        raise NotFound(_("there is no such page for you"), where=request.url.path)
    return rater


def _next_version(desk: Desk, number: str, rater: str) -> int:
    return max((each.version for each in desk.card().ratings(number) if each.rater == rater), default=0) + 1


def _day_or_none(text: str) -> Any:
    return read_day(text) if text else None


def _whole(text: str, what: Message) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise InputError(_("{what}: {text} is no whole number", what=what, text=text[:20])) from error


def _number_or_none(text: str, what: Message) -> float | None:
    return _number(text, what) if text else None


def _number(text: str, what: Message) -> float:
    """A number as people type it; a comma could be either sign, so one is asked to write a point."""
    try:
        if "," in text:
            raise ValueError
        return float(text.replace(" ", ""))
    except ValueError as error:
        raise InputError(
            _("{what}: {text} is no number", what=what, text=text[:20]),
            advice=_("write 35625 or 12.39: without separators, with a decimal point"),
        ) from error
