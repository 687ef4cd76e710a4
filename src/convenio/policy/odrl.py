"""An agreement as W3C ODRL 2.2 in JSON-LD, for tools that read licences and data-use agreements.

Source: ODRL Information Model 2.2 and ODRL Vocabulary 2.2, W3C Recommendations of 15 February 2018. What ODRL has no
word for stands in a profile of our own, so that nothing is lost.
"""

from __future__ import annotations

from typing import Any

from convenio.policy.agreement import Agreement, agreement_digest
from convenio.policy.clause import Clause, after, instant

PROFILE = "urn:convenio:odrl:1"
CONTEXT = ["http://www.w3.org/ns/odrl.jsonld", {"cv": f"{PROFILE}:", "dct": "http://purl.org/dc/terms/"}]
ODRL_ACTIONS = {"match": "cv:blindMatch", "request": "cv:request", "release": "distribute", "aggregate": "aggregate"}


def to_odrl(agreement: Agreement) -> dict[str, Any]:
    """The agreement as an ODRL Agreement with one permission per clause and asking party.

    Returns:
        A JSON-LD document; identifiers are URNs below the agreement's own.
    """
    uid = f"urn:convenio:agreement:{agreement.id}:{agreement.version}"
    permissions = []
    prohibitions = []
    for clause in agreement.clauses:
        for asker in clause.for_parties or tuple(each.id for each in agreement.parties):
            for other in (each.id for each in agreement.parties if each.id != asker):
                permissions.append(_permission(agreement, clause, uid, asker, other))
                prohibitions.extend(_prohibitions(clause, uid, asker, other))
    return {
        "@context": CONTEXT,
        "@type": "Agreement",
        "uid": uid,
        "profile": PROFILE,
        "dct:title": [{"@language": to, "@value": agreement.title.read(to)} for to in ("en", "es")],
        "dct:identifier": agreement_digest(agreement),
        "permission": permissions,
        **({"prohibition": prohibitions} if prohibitions else {}),
    }


def _permission(agreement: Agreement, clause: Clause, uid: str, asker: str, other: str) -> dict[str, Any]:
    first = max(instant(agreement.valid_from), instant(clause.valid_from or agreement.valid_from))
    last = min(after(agreement.valid_until), after(clause.valid_until or agreement.valid_until))
    limits = {
        "cv:keysPerRun": clause.budgets.keys_per_run,
        "cv:keysPerDay": clause.budgets.keys_per_day,
        "cv:requestsPerDay": clause.budgets.requests_per_day,
        "cv:subjectsPerRequest": clause.budgets.subjects_per_request,
    }
    return {
        "uid": f"{uid}:{clause.id}:{asker}",
        "assigner": f"urn:convenio:party:{other}",
        "assignee": {
            "@type": "PartyCollection",
            "source": f"urn:convenio:party:{asker}",
            "refinement": [
                _constraint("cv:agency", "isAnyOf", list(clause.askers.agencies)),
                _constraint("cv:role", "isAnyOf", list(clause.askers.roles)),
            ],
        },
        "target": {
            "@type": "AssetCollection",
            "source": f"urn:convenio:records:{other}",
            "refinement": [
                _constraint("cv:category", "isAnyOf", list(clause.categories)),
                _constraint("cv:field", "isAnyOf", list(clause.fields)),
                _constraint("cv:subjectRole", "isAnyOf", list(clause.subject_roles)),
            ],
        },
        "action": [ODRL_ACTIONS[each] for each in clause.actions],
        "constraint": [
            _constraint("purpose", "eq", f"{PROFILE}:purpose:{clause.purpose}"),
            _constraint("dateTime", "gteq", first.isoformat()),
            _constraint("dateTime", "lt", last.isoformat()),
            *(_constraint(name, "lteq", value) for name, value in limits.items() if value is not None),
            *([_constraint("cv:matchKey", "isAnyOf", list(clause.match_keys))] if clause.match_keys else []),
            *([_constraint("cv:groupSize", "gteq", clause.min_group)] if clause.min_group is not None else []),
            *([_constraint("cv:case", "neq", "")] if clause.case_required else []),
        ],
        "duty": [
            {"action": "delete", "constraint": [_constraint("elapsedTime", "lteq", f"P{clause.retention_days}D")]},
            {"action": "cv:approve", "constraint": [_constraint("count", "gteq", clause.approvals)]},
            *([{"action": "obtainConsent", "target": "cv:onwardTransfer"}] if clause.onward == "consent" else []),
            *([{"action": "obtainConsent", "target": "cv:judicialUse"}] if clause.judicial_use == "permission" else []),
        ],
    }


def _prohibitions(clause: Clause, uid: str, asker: str, other: str) -> list[dict[str, Any]]:
    whom = {"assigner": f"urn:convenio:party:{other}", "assignee": f"urn:convenio:party:{asker}"}
    target = f"{uid}:{clause.id}:released"
    made = []
    if clause.onward == "none":
        made.append({**whom, "target": target, "action": "cv:onwardTransfer"})
    if clause.judicial_use == "forbidden":
        made.append({**whom, "target": target, "action": "cv:judicialUse"})
    if clause.humanitarian_only:
        made.append({**whom, "target": target, "action": "cv:actAgainstSubject"})
    return made


def _constraint(left: str, operator: str, right: Any) -> dict[str, Any]:
    return {"leftOperand": left, "operator": operator, "rightOperand": right}
