"""A letter says what it is about, so that letters about other things can pass it by."""

import sqlalchemy as sa
from alembic import op

from convenio.stores.base import Document

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column; a letter that waits since before has none, and is passed by none."""
    op.add_column("outbox_message", sa.Column("about", Document, nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("outbox_message", "about")
