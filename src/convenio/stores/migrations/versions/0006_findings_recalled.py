"""A finding that went out in a batch may be recalled alone."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the number of its recall, and what became of it."""
    op.add_column("standing_given", sa.Column("recall", sa.String(), nullable=True))
    op.add_column("standing_given", sa.Column("recall_state", sa.String(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("standing_given", "recall_state")
    op.drop_column("standing_given", "recall")
