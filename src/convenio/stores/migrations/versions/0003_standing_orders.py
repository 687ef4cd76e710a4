"""Standing orders and their batches."""

import sqlalchemy as sa
from alembic import op

from convenio.stores.base import Document, Moment, Serial

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "standing_batch",
        sa.Column("release", sa.String(), nullable=False),
        sa.Column("order", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("number", Serial, nullable=False),
        sa.Column("count", Serial, nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("leaves", sa.LargeBinary(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("release", name=op.f("pk_standing_batch")),
    )
    op.create_index(op.f("ix_standing_batch_letter"), "standing_batch", ["letter"], unique=False)
    op.create_index(op.f("ix_standing_batch_order"), "standing_batch", ["order"], unique=False)
    op.create_table(
        "standing_given",
        sa.Column("order", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("release", sa.String(), nullable=False),
        sa.Column("place", Serial, nullable=False),
        sa.PrimaryKeyConstraint("order", "reference", name=op.f("pk_standing_given")),
    )
    op.create_index(op.f("ix_standing_given_release"), "standing_given", ["release"], unique=False)
    op.create_table(
        "standing_order",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("agreement", sa.String(), nullable=False),
        sa.Column("agreement_digest", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("case_reference", sa.String(), nullable=False),
        sa.Column("subject_roles", Document, nullable=False),
        sa.Column("categories", Document, nullable=False),
        sa.Column("fields", Document, nullable=False),
        sa.Column("per_day", Serial, nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("asker", sa.String(), nullable=False),
        sa.Column("asker_agency", sa.String(), nullable=False),
        sa.Column("asker_role", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("approvals", Document, nullable=False),
        sa.Column("answer", Document, nullable=True),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.Column("numbers", Serial, nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_order")),
    )
    op.create_index(op.f("ix_standing_order_opened_at"), "standing_order", ["opened_at"], unique=False)
    op.create_index(op.f("ix_standing_order_peer"), "standing_order", ["peer"], unique=False)
    op.create_index(op.f("ix_standing_order_state"), "standing_order", ["state"], unique=False)


def downgrade() -> None:
    """Remove them."""
    op.drop_index(op.f("ix_standing_order_state"), table_name="standing_order")
    op.drop_index(op.f("ix_standing_order_peer"), table_name="standing_order")
    op.drop_index(op.f("ix_standing_order_opened_at"), table_name="standing_order")
    op.drop_table("standing_order")
    op.drop_index(op.f("ix_standing_given_release"), table_name="standing_given")
    op.drop_table("standing_given")
    op.drop_index(op.f("ix_standing_batch_order"), table_name="standing_batch")
    op.drop_index(op.f("ix_standing_batch_letter"), table_name="standing_batch")
    op.drop_table("standing_batch")
