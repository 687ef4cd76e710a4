"""Consents to passing on, corrections, and what was derived from received copies."""

from alembic import op

from convenio.stores.base import Table
from convenio.stores.tables import Correction, DerivedThing, OnwardConsent, SupersededCopy

revision = "0002"
down_revision = "0001"
TABLES = [each.__table__ for each in (OnwardConsent, Correction, SupersededCopy, DerivedThing)]


def upgrade() -> None:
    """Create the tables that a database of before does not have."""
    Table.metadata.create_all(op.get_bind(), tables=TABLES)  # type: ignore[arg-type]


def downgrade() -> None:
    """Remove them."""
    Table.metadata.drop_all(op.get_bind(), tables=TABLES)  # type: ignore[arg-type]
