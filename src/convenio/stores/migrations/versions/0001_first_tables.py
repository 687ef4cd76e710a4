"""The first tables."""

from alembic import op

import convenio.stores.tables  # noqa: F401 - declares them
from convenio.stores.base import Table

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    Table.metadata.create_all(op.get_bind())


def downgrade() -> None:
    """Remove every table."""
    Table.metadata.drop_all(op.get_bind())
