"""A party's own law as a Cedar set: what of it bears on one act, and what each of its policies is called."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import cedarpy

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.policy.ask import SHAPE
from convenio.policy.compile import FAILED

LAW = Path(__file__).with_name("law")
ANYTHING = "permit(principal, action, resource);"
CONTEXT = {"Var": "context"}
_WHY = "// why: "


def law_of(party: str) -> str:
    """The Cedar text of a party's own law, as this package ships it.

    Raises:
        InputError: none is shipped for the party.
    """
    path = LAW / f"{party}.cedar"
    if not path.exists():
        raise InputError(
            _("no law of {party} is known here", party=party),
            advice=_("a node of another party needs its own law set in policy/law"),
        )
    return path.read_text(encoding="utf-8")


def law_names(law: str) -> dict[str, Message]:
    """The policies of a law set in their order, each with the words of the comment above it."""
    from convenio.policy.law import WORDS

    names = [line.removeprefix(_WHY).strip() for line in law.splitlines() if line.startswith(_WHY)]
    return {name: WORDS.get(name, FAILED["law"]) for name in names}


@cache
def forbids(law: str, action: str) -> str:
    """The forbids of a law that bear on an act. The law permits what an agreement permits, and forbids the rest.

    What many questions have in common is read from the one who asks (`ask.SHAPE`), as in the clause's own policy; a law
    that uses the context as a whole keeps reading it there.

    Raises:
        InputError: it cannot be read, or has another permit, which could not be joined with an agreement's.
    """
    bare = "\n".join(line for line in law.splitlines() if not line.lstrip().startswith("//"))
    if bare.count("permit(") != 1 or ANYTHING not in bare:
        raise InputError(
            _("a law set has exactly one permit, without a condition, and forbids"),
            where="law",
            advice=_("write what the law does not allow as forbid(…) when {…}"),
        )
    alone = bare.replace(ANYTHING, "")
    if not alone.strip():
        return ""
    try:
        held = json.loads(cedarpy.policies_to_json_str(alone))
        kept = {name: each for name, each in held["staticPolicies"].items() if _bears(each["action"], action)}
        if not kept:
            return ""
        told = kept if _whole(kept) else _shaped(kept)
        return str(cedarpy.policies_from_json_str(json.dumps({**held, "staticPolicies": told})))
    except (ValueError, KeyError, RuntimeError) as error:
        raise InputError(_("this policy set cannot be read: {why}", why=str(error)), where="law") from error


def _bears(scope: Any, action: str) -> bool:
    """Whether a policy's scope takes in an act; a scope of another form is taken to."""
    if scope.get("op") == "==" and "entity" in scope:
        return bool(scope["entity"].get("id") == action)
    if scope.get("op") == "in" and "entities" in scope:
        return any(each.get("id") == action for each in scope["entities"])
    return True


def _whole(part: Any) -> bool:
    """Whether a policy set uses the context otherwise than attribute by attribute."""
    if isinstance(part, list):
        return any(_whole(each) for each in part)
    if not isinstance(part, dict):
        return False
    if part == CONTEXT:
        return True
    return any(_whole(each) for name, each in part.items() if not _of_context(name, each))


def _shaped(part: Any) -> Any:
    """The same policies with what is in `SHAPE` read from the one who asks; a text that looks alike is left alone."""
    if isinstance(part, list):
        return [_shaped(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        name: {**each, "left": {"Var": "principal"}}
        if _of_context(name, each) and each["attr"] in SHAPE
        else _shaped(each)
        for name, each in part.items()
    }


def _of_context(name: str, part: Any) -> bool:
    """Whether a part reads one attribute of the context, or asks whether it is there."""
    return name in {".", "has"} and isinstance(part, dict) and part.get("left") == CONTEXT and "attr" in part
