"""What pydantic refuses is said in both languages, and never in its own English."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from convenio.core.unfit import why


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    count: Annotated[int, Field(ge=1, le=9)] = 1
    more: Annotated[int, Field(gt=1, lt=9)] = 2
    share: float = 0.0
    yes: bool = True
    day: dt.date | None = None
    at: AwareDatetime | None = None
    word: Annotated[str, Field(min_length=2, max_length=3, pattern="^[a-z]*$")] = "ab"
    side: Literal["us", "mx"] = "us"
    several: Annotated[list[str], Field(min_length=1, max_length=2)] = ["a"]


class Model(BaseModel):
    inner: Inner


WRONG = {
    "count": (0, 10, "x", 1.5, None, []),
    "more": (1, 9),
    "share": ("x", float("inf"), float("nan")),
    "yes": ("perhaps", 7),
    "day": ("03/04/2022", "2021-02-31"),
    "at": ("2021-10-06T12:00:00", "x"),
    "word": ("a", "abcd", "AB", 7),
    "side": ("ca", 1),
    "several": ([], ["a", "b", "c"], "a"),
    "unknown": (1,),
}


@pytest.mark.parametrize(("field", "value"), [(name, each) for name, all_ in WRONG.items() for each in all_])
def test_no_english_of_pydantic_reaches_a_spanish_page(field, value):
    with pytest.raises(ValidationError) as caught:
        Inner(**{field: value})
    for each in caught.value.errors():
        told = why(each)
        assert told.in_language("es") != told.in_language("en")
        assert each["msg"] not in told.in_language("es")
        assert "{" not in told.in_language("es") or "{" in str(each.get("ctx"))
        assert "(" not in told.in_language("es"), (each["type"], told.in_language("es"))


def test_what_is_no_set_of_values_and_what_is_missing():
    for given in ({"inner": 3}, {}):
        with pytest.raises(ValidationError) as caught:
            Model.model_validate(given)
        told = why(caught.value.errors()[0])
        assert told.in_language("es") in ("esto no es un conjunto de valores con nombre", "este dato es obligatorio")
