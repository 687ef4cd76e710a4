"""The border's papers as lists: the newest first, page by page; the next page's address stands in the header `Link`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from convenio.api.access import TheNode, ThePerson, scoped
from convenio.api.refusals import REFUSALS
from convenio.work.papers import PaperPage, Papers

router = APIRouter(tags=["border"], responses=REFUSALS)
Limit = Annotated[int, Query(ge=1, le=1000, description="Rows on a page.")]
After = Annotated[str | None, Query(max_length=200, description="The key that the page before gave.")]
Rows = list[dict[str, Any]]

RUN = (
    "id",
    "side",
    "peer",
    "agreement",
    "clause",
    "key_kind",
    "case_reference",
    "asked",
    "padded_size",
    "hits",
    "state",
)
REQUEST = (
    "id",
    "side",
    "peer",
    "agreement",
    "clause",
    "purpose",
    "case_reference",
    "fields",
    "asker",
    "reason",
    "state",
)
RELEASE = ("id", "peer", "request", "agreement", "clause", "state", "released_at", "expires_at", "conditions")
COPY = ("id", "peer", "request", "agency", "agreement", "clause", "state", "received_at", "expires_at", "conditions")


@router.get("/matches")
def matches(
    node: TheNode, person: ThePerson, request: Request, answer: Response, limit: Limit = 100, after: After = None
) -> Rows:
    """Blind matches of this node, asked and answered; without subjects or inputs."""
    scoped("read", person)
    page = Papers(node.store).runs(person, after=after, limit=limit)
    return shown(request, answer, page, lambda each: {**named(each, RUN), "at": each.started_at})


@router.get("/requests")
def requests(
    node: TheNode,
    person: ThePerson,
    request: Request,
    answer: Response,
    side: Literal["ask", "answer"] | None = None,
    state: Annotated[str | None, Query(max_length=32)] = None,
    limit: Limit = 100,
    after: After = None,
) -> Rows:
    """Requests of this node, made and received."""
    scoped("read", person)
    page = Papers(node.store).requests(person, after=after, limit=limit, side=side, state=state)
    return shown(request, answer, page, _request)


@router.get("/releases")
def releases(
    node: TheNode, person: ThePerson, request: Request, answer: Response, limit: Limit = 100, after: After = None
) -> Rows:
    """What this node released; without content."""
    scoped("read", person)
    page = Papers(node.store).releases(person, after=after, limit=limit)
    return shown(request, answer, page, lambda each: named(each, RELEASE))


@router.get("/copies")
def copies(
    node: TheNode, person: ThePerson, request: Request, answer: Response, limit: Limit = 100, after: After = None
) -> Rows:
    """What this node received, as far as the person may see it; without content."""
    scoped("read", person)
    page = Papers(node.store).copies(person, after=after, limit=limit)
    return shown(request, answer, page, lambda each: named(each, COPY))


@router.get("/receipts")
def receipts(
    node: TheNode,
    person: ThePerson,
    request: Request,
    answer: Response,
    allowed: Literal["true", "false"] | None = None,
    limit: Limit = 100,
    after: After = None,
) -> Rows:
    """Receipts of decisions: all for those who check, else the person's own."""
    scoped("read", person)
    only = None if allowed is None else allowed == "true"
    page = Papers(node.store).receipts(person, after=after, limit=limit, allowed=only)
    return shown(request, answer, page, lambda each: dict(each.body))


def _request(each: Any) -> dict[str, Any]:
    told = each.answer or {}
    return {
        **named(each, REQUEST),
        "subjects": len(each.references),
        "opened_at": each.opened_at,
        "release": told.get("release"),
        "reasons": told.get("reasons"),
    }


def named(row: Any, names: Sequence[str]) -> dict[str, Any]:
    """A row as its interface tells it: these of its columns."""
    return {name: getattr(row, name) for name in names}


def shown(request: Request, answer: Response, page: PaperPage[Any], shape: Callable[[Any], dict[str, Any]]) -> Rows:
    """A page's rows in their shape; the next page's address goes into the answer's header."""
    if page.following is not None:
        following = request.url.include_query_params(after=page.following)
        answer.headers["link"] = f'<{following.path}?{following.query}>; rel="next"'
    return [shape(each) for each in page.rows]
