"""Who calls the API: a person, by a token of theirs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from convenio.core.errors import ConvenioError, Refused
from convenio.core.words import _
from convenio.node.node import Node
from convenio.people.accounts import Person

bearer = HTTPBearer(auto_error=False, description="A token from POST /sign-in or from an administrator.")


class NotSignedIn(ConvenioError):
    """A call without a token that is still good."""

    status = 401


def node_of(request: Request) -> Node:
    """The node that serves."""
    node: Node = request.app.state.node
    return node


def person_of(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Person:
    """The person whose token came with the call.

    Raises:
        NotSignedIn: there is none, or it ended.
    """
    person = node_of(request).people.by_secret(given.credentials) if given is not None else None
    if person is None:
        raise NotSignedIn(_("a token is needed"), advice=_("get one from POST /api/v1/sign-in"))
    return person


def scoped(scope: str, person: Person) -> None:
    """Refuse a token that was made for something else; a token without scopes may do what its person may.

    Raises:
        Refused: the token lacks the scope.
    """
    if person.scopes and scope not in person.scopes:
        raise Refused(_("this token is not for {scope}", scope=scope), where=person.name)


TheNode = Annotated[Node, Depends(node_of)]
ThePerson = Annotated[Person, Depends(person_of)]
