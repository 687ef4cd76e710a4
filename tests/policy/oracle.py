"""A second opinion on an agreement, written against the YAML document alone and sharing no line with the engine.

It reads the document as plain values and decides by plain comparisons. Where it and the engine differ, one is wrong.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

EVERYDAY = {"clause", "purpose", "role", "agency", "asking_party", "subject_role", "categories", "fields"}


def day(value: Any) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)


def decides(document: dict[str, Any], ask: dict[str, Any], at: dt.datetime) -> bool:  # noqa: C901, PLR0911, PLR0912
    """Whether the document allows it; the law of the party is `lawful`."""
    today = at.date()
    if not day(document["valid_from"]) <= today <= day(document["valid_until"]):
        return False
    clauses = [each for each in document["clauses"] if each["id"] == ask["clause"]]
    if len(clauses) != 1:
        return False
    clause = clauses[0]
    if "valid_from" in clause and today < day(clause["valid_from"]):
        return False
    if "valid_until" in clause and today > day(clause["valid_until"]):
        return False
    parties = {each["id"]: each for each in document["parties"]}
    if ask["asking_party"] not in clause.get("for_parties", parties) or ask["asking_party"] not in parties:
        return False
    if ask["answering_party"] not in parties or ask["answering_party"] == ask["asking_party"]:
        return False
    if ask["agency"] not in parties[ask["asking_party"]].get("agencies", {}):
        return False
    if ask["agency"] not in clause["askers"]["agencies"] or ask["role"] not in clause["askers"]["roles"]:
        return False
    if ask["purpose"] != clause["purpose"] or ask["action"] not in clause["actions"]:
        return False
    if ask["subject_role"] not in clause["subject_roles"]:
        return False
    if any(each not in clause["categories"] for each in ask["categories"]):
        return False
    if any(each not in clause["fields"] for each in ask["fields"]):
        return False
    if clause.get("case_required", True) and not ask["case"].strip():
        return False
    return within(clause, ask)


def within(clause: dict[str, Any], ask: dict[str, Any]) -> bool:
    """Whether the bounds hold."""
    budgets = clause.get("budgets", {})
    if ask["action"] == "match":
        if ask["match_key"] not in clause.get("match_keys", ()):
            return False
        if not 0 < ask["keys_in_run"] <= budgets["keys_per_run"] or ask["keys_today"] > budgets["keys_per_day"]:
            return False
    if ask["action"] == "request" and ask["requests_today"] > budgets.get("requests_per_day", 10**12):
        return False
    if ask["subjects"] > budgets.get("subjects_per_request", 10**12):
        return False
    return not (ask["action"] == "aggregate" and ask["group"] < clause["min_group"])


def lawful(ask: dict[str, Any]) -> bool:
    """Whether the law that both parties ship allows it."""
    about_people = ask["action"] in {"match", "request", "release"}
    if about_people and not ask["case"].strip():
        return False
    if not ask["purpose"]:
        return False
    humane = ask["purpose"] in {"search-and-identification", "victim-assistance"}
    if ask["subject_role"] in {"victim", "witness", "missing"} and not humane:
        return False
    health = {"overdose-counts", "treatment-counts", "patient-record", "prescription-record"}
    if about_people and health & set(ask["categories"]):
        return False
    return not (ask["action"] in {"request", "release"} and ask["subjects"] > 1000)


def drawn(document: dict[str, Any], random: random.Random) -> tuple[dict[str, Any], dt.datetime]:
    """A request that fits in most things, so that a good part is allowed and most denials hang on one thing."""
    clause = random.choice(document["clauses"])
    parties = [each["id"] for each in document["parties"]]
    asking = random.choice(list(clause.get("for_parties", parties)))
    own = [
        agency
        for each in document["parties"]
        if each["id"] == asking
        for agency in each["agencies"]
        if agency in clause["askers"]["agencies"]
    ]
    budgets = clause.get("budgets", {})
    ask = {
        "clause": clause["id"],
        "action": random.choice(clause["actions"]),
        "purpose": clause["purpose"],
        "role": random.choice(clause["askers"]["roles"]),
        "agency": random.choice(own or ["-"]),
        "asking_party": asking,
        "answering_party": random.choice([each for each in parties if each != asking]),
        "subject_role": random.choice(clause["subject_roles"]),
        "case": f"C-{random.randrange(10**6)}",
        "categories": random.sample(clause["categories"], random.randint(0, len(clause["categories"]))),
        "fields": random.sample(clause["fields"], random.randint(0, len(clause["fields"]))),
        "match_key": random.choice(clause.get("match_keys", [""])),
        "keys_in_run": random.randint(1, budgets.get("keys_per_run", 10)),
        "keys_today": random.randint(1, budgets.get("keys_per_day", 10)),
        "requests_today": random.randint(1, budgets.get("requests_per_day", 10)),
        "subjects": random.randint(0, budgets.get("subjects_per_request", 10)),
        "group": clause.get("min_group", 0) + random.randint(0, 5),
    }
    first, last = day(document["valid_from"]), day(document["valid_until"])
    at = dt.datetime.combine(first, dt.time(12), dt.UTC) + dt.timedelta(days=random.randint(0, (last - first).days))
    for _spoilt in range(random.choice((0, 0, 0, 1, 1, 2))):
        at = spoil(document, ask, at, random)
    return ask, at


def spoil(document: dict[str, Any], ask: dict[str, Any], at: dt.datetime, random: random.Random) -> dt.datetime:
    """Change one thing, often to something that another clause would permit."""
    other = random.choice(document["clauses"])
    name = random.choice([*ask, "at"])
    if name == "at":
        return at + dt.timedelta(days=random.choice((-9000, 9000, -1, 1)))
    changed: dict[str, Any] = {
        "clause": random.choice((other["id"], "no-such-clause")),
        "action": random.choice(("match", "request", "release", "aggregate", "delete")),
        "purpose": random.choice((other["purpose"], "", "curiosity")),
        "role": random.choice((*other["askers"]["roles"], "administrator", "")),
        "agency": random.choice((*other["askers"]["agencies"], "fbi", "")),
        "asking_party": random.choice(("us", "mx", "ca")),
        "answering_party": random.choice(("us", "mx", "ca")),
        "subject_role": random.choice((*other["subject_roles"], "witness", "none")),
        "case": random.choice(("", "   ", "C-1")),
        "categories": [*ask["categories"], random.choice((*other["categories"], "patient-record"))],
        "fields": [*ask["fields"], random.choice((*other["fields"], "religion"))],
        "match_key": random.choice((*other.get("match_keys", ()), "", "face")),
        "keys_in_run": random.choice((0, 1, 20_000, 20_001, 10**7)),
        "keys_today": random.choice((0, 50_000, 50_001, 10**9)),
        "requests_today": random.choice((0, 200, 201, 10**6)),
        "subjects": random.choice((0, 20, 21, 100, 101, 1001)),
        "group": random.choice((0, 9, 10)),
    }
    ask[name] = changed[name]
    return at
