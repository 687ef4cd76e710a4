"""Finding ledgers: in a node's folder they stand under `ledger/`, one folder each."""

from __future__ import annotations

from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.ledger.checkpoint import SignedCheckpoint, open_checkpoint
from convenio.ledger.log import CHECKPOINT, VKEY
from convenio.ledger.note import parse_vkeys
from convenio.ledger.tree import Tree


def ledgers_in(home: Path, name: str | None = None) -> list[Path]:
    """The folders of the ledgers in a node's folder; the folder itself where it is a ledger's.

    Args:
        home: a node's folder, its `ledger` folder, or a ledger's own.
        name: only this one.

    Raises:
        InputError: there is none, or none of this name.
    """
    if _is_ledger(home):
        found = [home]
    else:
        below = home / "ledger" if (home / "ledger").is_dir() else home
        found = sorted(each for each in below.glob("*") if _is_ledger(each))
    if name is not None:
        named = [each for each in found if each.name == name]
        if found and not named:
            raise InputError(
                _("there is no ledger {name} here", name=name),
                where=str(home),
                advice=_("the ledgers here are: {names}", names=", ".join(each.name for each in found)),
            )
        found = named
    if not found:
        raise InputError(
            _("there is no ledger here"),
            where=str(home),
            advice=_("name a node's folder, or a ledger's own folder with its checkpoint and tile folder"),
        )
    return found


def read_ledger(folder: Path, vkey: str | None = None) -> tuple[Tree, SignedCheckpoint]:
    """A ledger for reading, up to its published checkpoint, whose signature has been checked.

    Args:
        folder: its folder.
        vkey: its verifier key; the one in the folder where None.

    Raises:
        InputError: it has no checkpoint, or one that its key did not sign.
    """
    try:
        logs = parse_vkeys(vkey if vkey is not None else (folder / VKEY).read_text(encoding="utf-8", errors="replace"))
        note = (folder / CHECKPOINT).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise InputError(_("the ledger has no checkpoint or verifier key"), where=str(folder)) from error
    head = open_checkpoint(note, logs, origin=logs[-1].name)
    return Tree(folder, head.size), head


def _is_ledger(folder: Path) -> bool:
    return (folder / CHECKPOINT).is_file() or (folder / VKEY).is_file()
