"""Fetch one file over HTTP: only if it changed, again where it failed, on from where it broke off."""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from convenio.core.errors import InputError, Unreachable
from convenio.core.words import _

TRIES = 5
FIRST_WAIT = 0.5
LONGEST_WAIT = 60.0
TIMEOUT = 30.0
STEPS = 6
LARGEST = 20 << 30
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
NEAR = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Fetched:
    """What came.

    Args:
        changed: False where the publisher says that it is what we have.
        etag: the publisher's tag of this state.
        last_modified: the publisher's date of it.
        resumed: bytes that an earlier try had brought already.
        tries: how often it was asked for.
    """

    changed: bool
    etag: str = ""
    last_modified: str = ""
    resumed: int = 0
    tries: int = 1


class _Elsewhere(Exception):
    """The publisher points to another address."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class _Broken(Exception):
    """The answer ended before its end, or will not do this time."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


def download(
    address: str,
    part: Path,
    *,
    etag: str = "",
    last_modified: str = "",
    plain: bool = False,
    progress: Callable[[float], None] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Fetched:
    """Fetch a file into `part`; what is there of an earlier try is gone on with.

    Args:
        address: an https address; http on this machine, and where `plain` allows it.
        part: where the bytes go; beside it `<part>.state` remembers which state they are of.
        etag: tag of the state we have, to ask only for another.
        last_modified: its date, where there is no tag.
        plain: whether this one address may be http, because its publisher offers nothing else.
        progress: told the share done, where the size is known.
        sleep: waits between tries.

    Raises:
        InputError: the address is not one we fetch from.
        Unreachable: the publisher did not answer, or refused; what came so far is kept for the next time.
    """
    import httpx2

    if not (plain and urlsplit(address).scheme == "http"):
        _allowed(address)
    known = {"if-none-match": etag} if etag else {"if-modified-since": last_modified} if last_modified else {}
    resumed, why = 0, ""
    with httpx2.Client(follow_redirects=False, timeout=TIMEOUT) as client:
        for number in range(1, TRIES + 1):
            have = part.stat().st_size if part.exists() else 0
            resumed = max(resumed, have)
            try:
                return _led(client, address, part, known, have, progress, resumed, number)
            except (httpx2.TransportError, _Broken) as error:
                why = str(error) or type(error).__name__
                wait = error.wait if isinstance(error, _Broken) and error.wait is not None else None
                if number < TRIES:
                    sleep(min(LONGEST_WAIT, wait if wait is not None else FIRST_WAIT * 2 ** (number - 1)))
    raise Unreachable(
        _("the publisher did not answer as it should: {why}", why=why[:200]),
        where=address,
        advice=_("try again later; what came so far is kept and gone on with"),
        kept=_("the last state stays as it is"),
    )


def _allowed(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in NEAR):
        raise InputError(_("sources are fetched over https only"), where=address)


def _led(client: Any, address: str, *how: Any) -> Fetched:
    """Ask, and go where the publisher points to, as long as that is an address we fetch from."""
    for _step in range(STEPS):
        try:
            return _once(client, address, *how)
        except _Elsewhere as there:
            address = there.address
            _allowed(address)
    raise Unreachable(_("the publisher points in circles"), where=address)


def _once(
    client: Any,
    address: str,
    part: Path,
    known: dict[str, str],
    have: int,
    progress: Callable[[float], None] | None,
    resumed: int,
    tries: int,
) -> Fetched:
    headers = {"user-agent": "convenio", "accept-encoding": "identity", **known}
    validator = _validator(part) if have else ""
    if have and validator:
        headers = {
            "user-agent": "convenio",
            "accept-encoding": "identity",
            "range": f"bytes={have}-",
            "if-range": validator,
        }
    with client.stream("GET", address, headers=headers) as answer:
        if answer.next_request is not None:
            raise _Elsewhere(str(answer.next_request.url))
        if answer.status_code == 304:
            return Fetched(changed=False, tries=tries)
        if answer.status_code in AGAIN:
            raise _Broken(f"HTTP {answer.status_code}", _retry_after(answer.headers.get("retry-after")))
        if answer.status_code == 416:
            part.unlink(missing_ok=True)
            raise _Broken("HTTP 416", 0.0)
        if answer.status_code not in {200, 206}:
            raise Unreachable(
                _("the publisher answered {status}", status=answer.status_code),
                where=address,
                advice=_("has the address moved? the source's own page may say"),
                kept=_("the last state stays as it is"),
            )
        goes_on = answer.status_code == 206
        etag, modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
        strong = etag if etag and not etag.startswith("W/") else ""
        _state_of(part).write_text(json.dumps({"validator": strong or modified}), encoding="utf-8")
        _take(answer, part, have if goes_on else 0, progress)
        _state_of(part).unlink(missing_ok=True)
        return Fetched(True, etag, modified, resumed if goes_on else 0, tries)


def _take(answer: Any, part: Path, start: int, progress: Callable[[float], None] | None) -> None:
    length = answer.headers.get("content-length")
    total = start + int(length) if length and length.isdigit() else None
    size = start
    with part.open("ab" if start else "wb") as file:
        for block in answer.iter_raw():
            file.write(block)
            size += len(block)
            if size > LARGEST:
                raise Unreachable(_("the file is larger than {size}", size="20 GB"), where=str(answer.url))
            if progress is not None and total:
                progress(size / total)
    if total is not None and size < total:
        raise _Broken(f"{size} of {total} bytes")


def _state_of(part: Path) -> Path:
    return part.with_name(part.name + ".state")


def _validator(part: Path) -> str:
    try:
        return str(json.loads(_state_of(part).read_text(encoding="utf-8"))["validator"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _retry_after(said: str | None) -> float | None:
    if not said:
        return None
    if said.isdigit():
        return float(said)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return None
