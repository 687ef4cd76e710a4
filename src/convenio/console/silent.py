"""An error of a run, told without the values in it: where it is kept, nothing is sealed."""

from __future__ import annotations

from dataclasses import replace

from convenio.core.errors import ConvenioError
from convenio.core.words import Message, _


class _Hidden:
    """Stands for a value, whatever form it was to be written in."""

    def __format__(self, form: str) -> str:
        return "…"

    __str__ = __repr__ = lambda _self: "…"


SEALED: Message = _("what was wrong is not shown here: its values are those of sealed records")
GIVEN: Message = _(
    "values are not kept with an error, they may be those of persons; the same run from the command line shows them"
)


def without_values(error: ConvenioError, kept: Message = SEALED) -> ConvenioError:
    """The same error with its words and without its values: a name in it would outlive the record it stood in.

    Args:
        error: what went wrong.
        kept: why its values are not shown.
    """
    made = ConvenioError(
        _bare(error.what),
        advice=_bare(error.advice) if error.advice is not None else None,
        kept=kept,
    )
    made.status = error.status
    return made


def _bare(words: Message) -> Message:
    return replace(
        words,
        values={name: _bare(each) if isinstance(each, Message) else _Hidden() for name, each in words.values.items()},
    )
