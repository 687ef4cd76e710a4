"""What stands before a page: who may open it, and what was sent with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from convenio.core.errors import NotFound
from convenio.core.words import _
from convenio.people.accounts import Person
from convenio.people.roles import Role
from convenio.web.program_pages import Sent, SignInNeeded, signed_in
from convenio.web.security import refuse_other_sites


def own_pages_only(request: Request) -> None:
    """Take no request that changes something from another site."""
    refuse_other_sites(request.method, request.headers)


def holding(*roles: Role) -> Callable[[Request], Person]:
    """A door for those who hold one of `roles`; to all others the page does not exist."""

    def door(request: Request) -> Person:
        person = signed_in(request)
        if not person.has(*roles):
            raise NotFound(_("there is no such page for you"), where=request.url.path)
        return person

    return door


__all__ = ["Sent", "SignInNeeded", "Someone", "holding", "own_pages_only", "signed_in"]

Someone = Annotated[Person, Depends(signed_in)]
