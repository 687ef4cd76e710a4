"""What every part of a framework shares: it is read strictly, never changed in place, and says who may see it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from convenio.core.errors import InputError
from convenio.core.words import _

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(value: Any) -> Any:
    """A text without blanks around it, its lines ended by a line feed alone, no control characters.

    Raises:
        ValueError: a control character stands in it.
    """
    if not isinstance(value, str):
        return value
    if CONTROL.search(value):
        raise ValueError(_("a control character stands in it"))
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


Publication = Literal["internal", "parties", "public"]
Side = Literal["us", "mx", "both"]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000), BeforeValidator(clean)]
Long = Annotated[str, StringConstraints(max_length=8000), BeforeValidator(clean)]
Short = Annotated[str, StringConstraints(max_length=500), BeforeValidator(clean)]
PartialDay = Annotated[str, StringConstraints(pattern=r"^(\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?)?$")]


def day(value: Any) -> Any:
    """A day as one writes it here; a number or a text that could be two days is no day.

    Raises:
        InputError: it has another form than 2021-10-06.
    """
    if isinstance(value, dt.datetime) and value.time() != dt.time():
        raise ValueError(_("a day has no hour"))
    if isinstance(value, dt.datetime):
        return value.date()
    if value is None or isinstance(value, dt.date):
        return value
    try:
        return read_day(value)
    except InputError as error:
        raise ValueError(error.what) from error


def read_day(text: Any) -> dt.date:
    """A day from its text.

    Raises:
        InputError: it is none, or could be two.
    """
    try:
        if not isinstance(text, str) or len(text) != 10:
            raise ValueError
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            _("this is no day: {day}", day=str(text)[:40]),
            advice=_("write it as 2021-10-06; 03/04/2022 could be two days"),
        ) from error


Day = Annotated[dt.date, BeforeValidator(day)]


class Part(BaseModel):
    """Base: what is not known is refused, and nothing changes once it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)


class Published(Part):
    """A part that says who may see it: its own side, both parties, or everyone. Unsaid means its own side."""

    publication: Publication = "internal"


class Dimension(Part):
    """One part of a disaggregation: `sex` is `female`, `state` is `Colima`."""

    name: Text
    value: Text


class Reference(Part):
    """An indicator's number elsewhere, e.g. vocabulary 9 (Sustainable Development Goals), code 16.4.2.

    Args:
        vocabulary: IATI's code list IndicatorVocabulary.
        code: the number there.
        address: where the vocabulary is described.
    """

    vocabulary: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}$")]
    code: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,80}$")]
    address: Short = ""
