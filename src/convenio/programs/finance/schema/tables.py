"""The program's tables: customers as institutions keep them, entries of lists in rows, hits."""

from __future__ import annotations

import datetime as dt

from convenio.core.record import RecordType, column
from convenio.core.words import _


class Customer(RecordType):
    """A person or company that an institution serves. Only the name is needed; every other fact that is there counts.

    A name stands whole in `name`, or in `given`, `paterno` and `materno`, which then win.
    """

    type_name = "customer"
    title = _("Customer")
    about_persons = True

    customer_id: str = column(
        _("customer number"), aliases=("id", "person_id", "cliente", "numero_cliente"), example="C1"
    )
    name: str | None = column(
        _("name"),
        aliases=("nombre", "nombre_completo", "full_name"),
        default=None,
        personal=True,
        example="Ana Ruiz Gil",
    )
    given: str | None = column(
        _("given names"), aliases=("given_names", "nombres", "first_name"), default=None, personal=True, example="Ana"
    )
    paterno: str | None = column(
        _("first surname"), aliases=("surname_1", "apellido_paterno", "last_name"), default=None, personal=True,
        example="Ruiz",
    )  # fmt: skip
    materno: str | None = column(
        _("second surname"), aliases=("surname_2", "apellido_materno"), default=None, personal=True, example="Gil"
    )
    kind: str | None = column(_("person or company"), aliases=("tipo", "schema"), default=None, example="person")
    birth_date: dt.date | None = column(
        _("birth date"), aliases=("fecha_nacimiento", "dob", "date_of_birth"), default=None, personal=True,
        example="1980-05-12",
    )  # fmt: skip
    birth_state: str | None = column(
        _("state of birth"),
        aliases=("entidad_nacimiento", "birth_place", "lugar_nacimiento"),
        default=None,
        personal=True,
    )
    sex: str | None = column(_("sex"), aliases=("sexo", "gender"), default=None, personal=True, example="F")
    curp: str | None = column(_("CURP"), default=None, personal=True)
    rfc: str | None = column(_("RFC"), default=None, personal=True)
    passport: str | None = column(_("passport"), aliases=("pasaporte",), default=None, personal=True)


class Listed(RecordType):
    """One name of one entry of a list; an entry with aliases has a row for each, its other columns repeated."""

    type_name = "listed"
    title = _("Listed party")
    about_persons = True

    source: str = column(_("list"), aliases=("lista",), example="ofac_sdn")
    entry_id: str = column(_("entry"), aliases=("id", "ent_num"), example="32331")
    kind: str = column(_("person or company"), aliases=("tipo",), example="person")
    name: str = column(_("name"), aliases=("nombre",), personal=True, example="RUIZ GIL, Ana")
    name_type: str = column(_("kind of name"), default="primary", example="primary")
    weak: bool = column(_("weak alias"), default=False, example=False)
    programmes: list[str] = column(_("programmes"), example=["SDNTK"])
    birth_dates: list[str] = column(_("birth dates"), personal=True, example=["1980-05-12"])
    birth_places: list[str] = column(_("places of birth"), personal=True)
    gender: str | None = column(_("sex"), default=None, personal=True)
    curp: list[str] = column(_("CURP"), personal=True)
    rfc: list[str] = column(_("RFC"), personal=True)
    passport: list[str] = column(_("passport"), personal=True)


class ScreeningHit(RecordType):
    """A customer who may be a listed party, with what speaks for it and against it."""

    type_name = "screening_hit"
    title = _("Screening hit")
    about_persons = True

    customer_id: str = column(_("customer number"))
    customer_name: str = column(_("customer"), personal=True)
    source: str = column(_("list"))
    entry_id: str = column(_("entry"))
    listed_name: str = column(_("listed name"), personal=True)
    score: float = column(_("score"))
    similarity: float = column(_("similarity of the names"))
    weight: float = column(_("weight of evidence"), unit="ban")
    likelihood_ratio: float = column(_("likelihood ratio"))
    posterior: float | None = column(_("posterior probability"), default=None)
    explanation_en: str = column(_("explanation (English)"), personal=True)
    explanation_es: str = column(_("explanation (Spanish)"), personal=True)
    would_change_en: str = column(_("what would change it (English)"))
    would_change_es: str = column(_("what would change it (Spanish)"))
    fingerprint: str = column(_("digest of what was compared"))


class HitDecision(RecordType):
    """What a person decided on a hit."""

    type_name = "hit_decision"
    title = _("Decision on a hit")
    about_persons = True

    customer_id: str = column(_("customer number"), aliases=("id", "cliente"), example="C1")
    source: str = column(_("list"), aliases=("lista",), example="ofac_sdn")
    entry_id: str = column(_("entry"), aliases=("entrada",), example="32331")
    is_listed: bool = column(_("is the listed party"), aliases=("es_el_listado",), example=False)


class ThresholdLoad(RecordType):
    """What one threshold means for the people who work through the hits."""

    type_name = "threshold_load"
    title = _("Workload at a threshold")

    threshold: float = column(_("threshold"))
    hits: int = column(_("hits"))
    customers: int = column(_("customers flagged"))
    per_100_000: float = column(_("customers flagged per 100,000"))
    hours: float = column(_("time spent"), unit="h")
    confirmed: int = column(_("confirmed hits found"))
    missed: int = column(_("confirmed hits it would have missed"))
    saved: int = column(_("false hits it would have saved"))
