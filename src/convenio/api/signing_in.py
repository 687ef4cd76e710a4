"""Signing in over the API, and what the node says of itself."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from convenio.api.access import TheNode, ThePerson, scoped

router = APIRouter(tags=["node"])


class SignInBody(BaseModel):
    """A name and a password."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=64)]
    password: Annotated[str, Field(max_length=1000)]


@router.post("/sign-in")
def sign_in(given: SignInBody, node: TheNode) -> dict[str, Any]:
    """A token for the person, good for ten hours or until an hour without use."""
    person, secret = node.people.sign_in(given.name, given.password)
    return {"token": secret, "name": person.name, "agency": person.agency, "roles": sorted(person.roles)}


@router.get("/status")
def status(node: TheNode, person: ThePerson) -> dict[str, Any]:
    """The node's state: party, clock, ledgers, what waits."""
    scoped("read", person)
    return node.status()
