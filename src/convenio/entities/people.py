"""The record type of a person in a plain file: what resolution, match keys and a first look at a file read."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from convenio.core.record import RecordType, column
from convenio.core.words import Message, _


class PersonRow(RecordType):
    """One row about one person; every column may be empty, and a name in one piece serves as well as in parts."""

    type_name: ClassVar[str] = "person"
    title: ClassVar[Message] = _("Person")
    about_persons: ClassVar[bool] = True

    record_id: str | None = column(
        _("Record"), aliases=("id", "record", "folio", "registro", "clave", "no"), default=None, example="1"
    )
    name: str | None = column(
        _("Name"),
        aliases=("full name", "nombre completo", "nombre y apellidos"),
        default=None,
        personal=True,
        example="María Elena Torres Salas",
    )
    given: str | None = column(
        _("Given names"),
        aliases=("given names", "first name", "nombre", "nombres", "nombre de pila"),
        default=None,
        personal=True,
    )
    paterno: str | None = column(
        _("First surname"),
        aliases=("last name", "surname", "apellido paterno", "primer apellido", "ap paterno"),
        default=None,
        personal=True,
    )
    materno: str | None = column(
        _("Second surname"),
        aliases=("apellido materno", "segundo apellido", "mother's surname", "ap materno"),
        default=None,
        personal=True,
    )
    birth_date: dt.date | None = column(
        _("Birth date"),
        aliases=("dob", "date of birth", "fecha de nacimiento", "fecha nacimiento", "fec nac"),
        default=None,
        personal=True,
        example="1984-04-03",
    )
    sex: str | None = column(_("Sex"), aliases=("gender", "sexo", "género"), default=None, personal=True, example="F")
    curp: str | None = column(_("CURP"), default=None, personal=True)
    rfc: str | None = column(_("RFC"), aliases=("registro federal de contribuyentes",), default=None, personal=True)
    passport: str | None = column(
        _("Passport"), aliases=("passport no", "pasaporte", "no de pasaporte"), default=None, personal=True
    )
    phone: str | None = column(
        _("Telephone"), aliases=("telephone", "teléfono", "celular", "móvil", "mobile"), default=None, personal=True
    )
    address: str | None = column(_("Address"), aliases=("domicilio", "dirección"), default=None, personal=True)
