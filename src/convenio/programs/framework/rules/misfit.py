"""A value that a rule does not admit, with the field it stands in, so that a table can name its column."""

from __future__ import annotations

from typing import Any

from convenio.core.errors import InputError
from convenio.core.words import Message


class Misfit(InputError):
    """A value that cannot be.

    Args:
        what: what is wrong.
        field: where it stands in the part, e.g. `baseline.value`.
        more: as any error of the house.
    """

    def __init__(self, what: Message, field: str, **more: Any) -> None:
        super().__init__(what, **more)
        self.field = field
