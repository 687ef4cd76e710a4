"""One family of errors: each says what was wrong, where, and what to do."""

from __future__ import annotations

from convenio.core.words import Language, Message, _


class ConvenioError(Exception):
    """Something the user can understand and act on.

    Args:
        what: what is wrong, as a message in both languages.
        where: file, row, column, address or identifier it was found at.
        advice: what to do about it.
        kept: what is left as it was, so that nobody wonders ("nothing was imported").
    """

    status = 400
    exit_code = 2

    def __init__(
        self,
        what: Message,
        *,
        where: Message | str | None = None,
        advice: Message | None = None,
        kept: Message | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.advice = advice
        self.kept = kept

    def explain(self, to: Language) -> str:
        """The error as the user reads it, in the language `to`; one line per part."""
        where = self.where.in_language(to) if isinstance(self.where, Message) else self.where
        first = self.what.in_language(to)
        lines = [f"convenio: {where}: {first}" if where else f"convenio: {first}"]
        if self.advice is not None:
            lines.append(_("advice: {advice}", advice=self.advice).in_language(to))
        if self.kept is not None:
            lines.append(self.kept.in_language(to))
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.explain("en")


class InputError(ConvenioError):
    """A file, row or value that does not fit what was asked for."""


class NotFound(ConvenioError):
    """Something named that is not here, or not for the one who asks: the two cannot be told apart."""

    status = 404


class Refused(ConvenioError):
    """An act that policy, law or duty does not allow."""

    status = 403


class Conflict(ConvenioError):
    """An act that no longer fits the state it was meant for."""

    status = 409


class Unreachable(ConvenioError):
    """A peer, a server or a publisher that did not answer as it should."""

    status = 502


class NotInstalled(ConvenioError):
    """An optional part of Convenio that is not installed."""

    status = 501
