"""What every operation may answer besides its result: problem documents (RFC 9457)."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

PROBLEM = "application/problem+json"


class Problem(BaseModel):
    """What was wrong, where, and what to do about it."""

    type: str = "about:blank"
    status: int
    title: str
    where: str | None = None
    advice: str | None = None
    kept: str | None = None
    errors: list[dict[str, Any]] | None = None


WORDS = {
    400: "What was sent does not fit.",
    401: "A token is needed, or it is over.",
    403: "Policy, law or duty do not allow it.",
    404: "It is not here, or not for the one who asks.",
    409: "It no longer fits the state it was meant for.",
    413: "What was sent is too large.",
    422: "A value does not fit its type.",
    502: "The peer did not answer as it should.",
}
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"description": words, "content": {PROBLEM: {"schema": Problem.model_json_schema()}}}
    for status, words in WORDS.items()
}
