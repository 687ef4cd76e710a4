"""A list in whichever of the known forms it comes, told by looking at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.programs.finance.schema import ListEntry


@dataclass
class ReadList:
    """One state of a list.

    Args:
        source: which list (`ofac_sdn`, `sat_69b`, …).
        entries: in the list's order.
        warnings: messages for whoever reads the result.
        whole: False where the publisher's end mark is missing.
    """

    source: str
    entries: list[ListEntry]
    warnings: list[Message] = field(default_factory=list)
    whole: bool = True


def read_list(path: Path | str, *, encoding: str | None = None, partial: bool = False) -> ReadList:
    """Read a list.

    A folder is read as OFAC's three files of one day. Of files these are known: OFAC's `sdn.csv` and `cons_prim.csv`,
    OFAC's advanced XML, the United Nations' XML, the SAT's 69-B list, FollowTheMoney JSON lines, and a CSV of blocked
    persons with a heading.

    Args:
        path: the file or folder.
        encoding: where it is not the form's usual one.
        partial: take a long OFAC list without the end mark for what it is, e.g. an extract.

    Raises:
        InputError: the file is none of these, or is broken; says where and what to do.
    """
    from convenio.programs.finance.sources import blocked_persons, ftm, ofac_advanced, ofac_sdn, sat_69b, un_sc

    path = Path(path)
    if path.is_dir():
        found = ofac_sdn.read_folder(path, encoding=encoding)
        return ReadList(found.source, found.entries, found.warnings, found.whole)
    head = _head(path)
    lowered = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if lowered.startswith(b"<"):
        reader = un_sc.read_un if b"consolidated_list" in lowered else ofac_advanced.read_advanced
        return ReadList(*reader(path))
    if lowered.startswith((b"{", b"[")):
        return ReadList(*ftm.read_ftm(path))
    if sat_69b.is_69b(head):
        return ReadList(*sat_69b.read_69b(path, encoding=encoding))
    if ofac_sdn.is_sdn(head) or path.name.lower().startswith(("sdn", "cons_prim")):
        listed = ofac_sdn.read_sdn(path, encoding=encoding, partial=partial)
        return ReadList(listed.source, listed.entries, listed.warnings, listed.whole)
    return ReadList(*blocked_persons.read_blocked(path, encoding=encoding))


def check_list(path: Path) -> None:
    """Refuse a file that is no list this version can read, before it takes the place of the last one.

    Raises:
        InputError: as `read_list`.
    """
    read_list(path)


def read_lists(paths: Sequence[Path | str], *, encoding: str | None = None, partial: bool = False) -> list[ReadList]:
    """Several lists; two files of one list are refused, since their entries would count twice.

    Raises:
        InputError: as `read_list`, or a list that was given twice.
    """
    found: list[ReadList] = []
    for path in paths:
        each = read_list(path, encoding=encoding, partial=partial)
        if any(each.source == other.source for other in found):
            raise InputError(
                _("the list {source} was given twice", source=each.source),
                where=str(path),
                advice=_("give the state that is in force; `convenio finance delta` compares two"),
            )
        found.append(each)
    return found


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4096)
    except OSError as error:
        raise InputError(
            _("cannot be read: {why}", why=error.strerror or str(error)),
            where=str(path),
            advice=_("is the path right?"),
        ) from error
