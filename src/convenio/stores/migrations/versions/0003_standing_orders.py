"""Standing orders and their batches."""

from alembic import op

from convenio.stores.base import Table
from convenio.stores.tables import StandingBatch, StandingGiven, StandingOrder

revision = "0003"
down_revision = "0002"
TABLES = [each.__table__ for each in (StandingOrder, StandingBatch, StandingGiven)]


def upgrade() -> None:
    """Create the tables that a database of before does not have."""
    Table.metadata.create_all(op.get_bind(), tables=TABLES)  # type: ignore[arg-type]


def downgrade() -> None:
    """Remove them."""
    Table.metadata.drop_all(op.get_bind(), tables=TABLES)  # type: ignore[arg-type]
