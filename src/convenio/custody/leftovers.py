"""What a kill between two steps leaves behind, known to the database before it is there, so that it can be cleared.

A table's key and file come before the transaction that makes them count, and go after the one that makes them not
count. So a row that belongs to nobody announces them first, and names what has been replaced. A node that dies in
between finds those rows again, and erases the key and the file, as it would have. Files that the database knows nothing
of are left alone: after an older database was brought back they are somebody's.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from convenio.custody.keystore import KeyStore
from convenio.stores.operational import Store
from convenio.stores.tables import Dataset

UNDER_WAY = dt.timedelta(hours=1)
"""What was announced less than this ago may belong to an act that another process is about to finish."""
ANNOUNCED, SUPERSEDED = "announced", "superseded"


def announce(session: Session, number: str, *, file: str, key: str, at: dt.datetime) -> None:
    """Say that a key and a file are about to be made."""
    nothing = {"agency": "", "category": "", "title": "", "digest": "", "rows": 0}
    row = Dataset(id=number, record_type=ANNOUNCED, file=file, key=key, created_at=at, erased_at=at, **nothing)
    row.columns, row.marking, row.provenance = [], {}, {}
    session.add(row)


def forget(session: Session, number: str) -> None:
    """What was announced counts now, in the transaction that makes it count."""
    held = session.get(Dataset, number)
    if held is not None:
        session.delete(held)
        session.flush()


def supersede(session: Session, number: str, *, file: str, key: str, at: dt.datetime) -> None:
    """What was announced counts now, and this file and key do not any more."""
    held = session.get_one(Dataset, number)
    held.record_type, held.file, held.key, held.erased_at = SUPERSEDED, file, key, at


def clear_one(store: Store, keys: KeyStore, folder: Path, number: str) -> bool:
    """Erase the key and the file of a dataset that is erased, or of what stands for a leftover.

    Returns:
        Whether either was there.
    """
    with store.reading() as session:
        held = session.get(Dataset, number)
    if held is None or held.erased_at is None:
        return False
    path = folder / held.file
    found = path.exists()
    found = keys.erase(held.key) > 0 or found
    path.unlink(missing_ok=True)
    path.with_suffix(".part").unlink(missing_ok=True)
    if held.record_type in (ANNOUNCED, SUPERSEDED):
        with store.transaction() as session:
            forget(session, number)
    return found


def clear(store: Store, keys: KeyStore, folder: Path, now: dt.datetime) -> int:
    """Finish every erasure that was cut short.

    Args:
        store: the operational store.
        keys: the key store.
        folder: where the sealed tables lie.
        now: the machine's time.

    Returns:
        How many keys or files were still there.
    """
    over = or_(Dataset.record_type != ANNOUNCED, Dataset.erased_at < now - UNDER_WAY)
    with store.reading() as session:
        due = session.scalars(select(Dataset.id).where(Dataset.erased_at.is_not(None), over)).all()
    return sum(clear_one(store, keys, folder, each) for each in due)
