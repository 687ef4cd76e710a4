"""A person at a node: signs in and uses the node's API, as any program of theirs would."""

from __future__ import annotations

from typing import Any

import httpx2 as httpx
from cryptography.hazmat.primitives.asymmetric import ed25519

from convenio.core.errors import ConvenioError, Unreachable
from convenio.core.words import _
from convenio.people.credentials import sign_decision

PATIENCE = 300.0


class Declined(ConvenioError):
    """The node said no, and why."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(_("{what}", what=str(problem.get("title", status))))
        self.status = status
        self.problem = problem


class Desktop:
    """One signed-in person.

    Args:
        address: the node's address.
        name: account name.
        password: its password.
        key: the person's own key for approvals; it never leaves this process.
    """

    def __init__(self, address: str, name: str, password: str, key: ed25519.Ed25519PrivateKey | None = None) -> None:
        self.name = name
        self._key = key
        self._http = httpx.Client(base_url=f"{address}/api/v1", timeout=PATIENCE, trust_env=False)
        token = self.post("/sign-in", {"name": name, "password": password})["token"]
        self._http.headers["authorization"] = f"Bearer {token}"

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Send, and return the answer.

        Raises:
            Declined: the node said no.
            Unreachable: the node does not answer.
        """
        return self._judged(lambda: self._http.post(path, json=body))

    def get(self, path: str, **query: Any) -> Any:
        """Read.

        Raises:
            Declined: the node said no.
            Unreachable: the node does not answer.
        """
        return self._judged(lambda: self._http.get(path, params=query))

    def approve(self, request: str) -> str:
        """Read the decision, sign its digest with the person's own key, send the signature; the state afterwards."""
        assert self._key is not None
        told = self.get(f"/requests/{request}/decision")
        given = self.post(f"/requests/{request}/approvals", {"signature": sign_decision(self._key, told["digest"])})
        return str(given["state"])

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _judged(self, call: Any) -> Any:
        try:
            answer = call()
        except httpx.HTTPError as error:
            raise Unreachable(_("the node does not answer: {why}", why=str(error))) from error
        if answer.status_code >= 400:
            try:
                problem = answer.json()
            except ValueError:
                problem = {"title": answer.text[:200]}
            raise Declined(answer.status_code, problem)
        return answer.json()
