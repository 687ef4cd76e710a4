"""Forms: fields declared once, read once, shown again with what was typed and what was wrong with it."""

from __future__ import annotations

import hashlib
import json
import secrets
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from starlette.datastructures import ImmutableMultiDict

from convenio.core.unfit import why
from convenio.core.words import Message, _

Kind = Literal["text", "password", "textarea", "select", "checkbox", "date", "number", "file", "hidden", "radio"]


@dataclass(frozen=True)
class Field:
    """One field of a form.

    Args:
        name: as it is sent.
        label: as it is asked.
        kind: how it is typed in.
        hint: what helps to fill it in.
        required: whether it must be filled in.
        choices: value and label of each choice, for `select` and `radio`.
        autocomplete: what the browser may fill in (WCAG 1.3.5).
        longest: the largest number of characters taken.
        unit: unit of a number.
    """

    name: str
    label: Message
    kind: Kind = "text"
    hint: Message | None = None
    required: bool = False
    choices: Sequence[tuple[str, Message | str]] = ()
    autocomplete: str = "off"
    longest: int = 10_000
    unit: str | None = None


@dataclass
class Form:
    """Fields with what was typed into them and what was wrong.

    `once` names this showing of the form, so that sending it twice acts once.
    """

    fields: Sequence[Field]
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, Message] = field(default_factory=dict)
    once: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    def read(self, sent: Mapping[str, Any]) -> dict[str, str]:
        """Take what was sent, keep it for showing it again, and note what is wrong.

        Returns:
            The text of every field, stripped except for passwords; look at `errors` before using it.
        """
        self.errors = {}
        for each in self.fields:
            held = sent.get(each.name, "")
            text = held if isinstance(held, str) else ""
            text = text if each.kind == "password" else text.strip().replace("\r\n", "\n")
            self.values[each.name] = text
            if wrong := _wrong(each, text):
                self.errors[each.name] = wrong
        if isinstance(sent.get("once"), str) and sent["once"]:
            self.once = sent["once"]
        return dict(self.values)

    def wrong(self, name: str, what: Message) -> None:
        """Note an error that only the act itself could find."""
        self.errors[name] = what

    def get(self, name: str) -> str:
        """What to show in a field; never a password."""
        kind = next((each.kind for each in self.fields if each.name == name), "text")
        return "" if kind == "password" else self.values.get(name, "")


def sending(sent: Mapping[str, Any], act: str = "") -> str:
    """What names one sending of a form: its showing and all that was typed; empty where the form names no showing.

    The same form sent again with something else in it, as after the browser's Back, is another sending. Passwords are
    no part of it.

    Args:
        sent: what was sent.
        act: which button was pressed, where a form has several.
    """
    once = sent.get("once")
    if not isinstance(once, str) or not once:
        return ""
    pairs = sent.multi_items() if isinstance(sent, ImmutableMultiDict) else sent.items()
    told = [
        (name, value if isinstance(value, str) else f"{value.filename} {value.size}")
        for name, value in pairs
        if name != "password" and (isinstance(value, str) or hasattr(value, "filename"))
    ]
    return hashlib.sha256(json.dumps([act, sorted(told)]).encode()).hexdigest()


def _wrong(asked: Field, text: str) -> Message | None:
    if asked.required and not text:
        return _("{label}: this is needed", label=asked.label)
    if len(text) > asked.longest:
        return _("{label}: at most {limit} characters", label=asked.label, limit=asked.longest)
    if "\x00" in text:
        return _("{label}: a character in it cannot be kept", label=asked.label)
    if text and asked.choices and text not in {value for value, _label in asked.choices}:
        return _("{label}: choose one of the list", label=asked.label)
    return None


def form_of(model: type[BaseModel]) -> Form:
    """The form of a method's parameters, made from their declaration."""
    return Form(fields=[_field(name, info) for name, info in model.model_fields.items()], values=_defaults(model))


def parameters(form: Form, model: type[BaseModel], sent: Mapping[str, Any]) -> BaseModel | None:
    """The parameters that were sent, or None with the form's errors filled in."""
    texts = form.read(sent)
    given: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        if _plain(info.annotation) == (bool, False):
            given[name] = bool(texts[name])
        elif texts[name] != "":
            given[name] = texts[name].replace(",", "") if _plain(info.annotation)[0] in (int, float) else texts[name]
    try:
        return model.model_validate(given) if not form.errors else None
    except ValidationError as error:
        for each in error.errors():
            name = str(each["loc"][0]) if each["loc"] else ""
            label = next((one.label for one in form.fields if one.name == name), name)
            form.errors[name] = _("{label}: {why}", label=label, why=why(each))
        return None


def _field(name: str, info: FieldInfo) -> Field:
    kind, optional = _plain(info.annotation)
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    about = typing.cast("dict[str, Any]", extra.get("convenio") or {})
    label = about.get("title") or _("{name}", name=name)
    needed = info.is_required() and not optional
    if get_origin(kind) is Literal:
        return Field(
            name, label, "select", required=needed, choices=[(str(each), str(each)) for each in get_args(kind)]
        )
    if kind is bool and optional:
        return Field(name, label, "select", choices=[("true", _("yes")), ("false", _("no"))])
    if kind is bool:
        return Field(name, label, "checkbox")
    shape: Kind = "number" if kind in (int, float) else "date" if "date" in str(kind) else "text"
    return Field(name, label, shape, required=needed, unit=about.get("unit"))


def _plain(annotation: Any) -> tuple[Any, bool]:
    inner = [each for each in get_args(annotation) if each is not type(None)]
    if get_origin(annotation) is Literal or not inner:
        return annotation, False
    return (inner[0], True) if len(inner) < len(get_args(annotation)) else (annotation, False)


def _defaults(model: type[BaseModel]) -> dict[str, str]:
    values = {}
    for name, info in model.model_fields.items():
        default = info.get_default()
        if default is True:
            values[name] = "1"
        elif default not in (None, False) and not info.is_required():
            values[name] = str(default)
    return values
