"""Consents to passing on, corrections, and what was derived from received copies."""

import sqlalchemy as sa
from alembic import op

from convenio.stores.base import Document, Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "correction",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("release", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("agreement", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_digest", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_peer"), "correction", ["peer"], unique=False)
    op.create_index(op.f("ix_correction_release"), "correction", ["release"], unique=False)
    op.create_index(op.f("ix_correction_state"), "correction", ["state"], unique=False)
    op.create_table(
        "derived_thing",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("copies", Document, nullable=False),
        sa.Column("marking", Document, nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("case_reference", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_derived_thing")),
    )
    op.create_index(op.f("ix_derived_thing_kind"), "derived_thing", ["kind"], unique=False)
    op.create_index(op.f("ix_derived_thing_state"), "derived_thing", ["state"], unique=False)
    op.create_table(
        "onward_consent",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("release", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("agreement", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("case_reference", sa.String(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("asker", sa.String(), nullable=False),
        sa.Column("asker_agency", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("approvals", Document, nullable=False),
        sa.Column("answer", Document, nullable=True),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("forwarded_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onward_consent")),
    )
    op.create_index(op.f("ix_onward_consent_peer"), "onward_consent", ["peer"], unique=False)
    op.create_index(op.f("ix_onward_consent_release"), "onward_consent", ["release"], unique=False)
    op.create_index(op.f("ix_onward_consent_state"), "onward_consent", ["state"], unique=False)
    op.create_table(
        "superseded_copy",
        sa.Column("correction", sa.String(), nullable=False),
        sa.Column("copy", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_digest", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("kept_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("correction", name=op.f("pk_superseded_copy")),
    )
    op.create_index(op.f("ix_superseded_copy_copy"), "superseded_copy", ["copy"], unique=False)


def downgrade() -> None:
    """Remove them."""
    op.drop_index(op.f("ix_superseded_copy_copy"), table_name="superseded_copy")
    op.drop_table("superseded_copy")
    op.drop_index(op.f("ix_onward_consent_state"), table_name="onward_consent")
    op.drop_index(op.f("ix_onward_consent_release"), table_name="onward_consent")
    op.drop_index(op.f("ix_onward_consent_peer"), table_name="onward_consent")
    op.drop_table("onward_consent")
    op.drop_index(op.f("ix_derived_thing_state"), table_name="derived_thing")
    op.drop_index(op.f("ix_derived_thing_kind"), table_name="derived_thing")
    op.drop_table("derived_thing")
    op.drop_index(op.f("ix_correction_state"), table_name="correction")
    op.drop_index(op.f("ix_correction_release"), table_name="correction")
    op.drop_index(op.f("ix_correction_peer"), table_name="correction")
    op.drop_table("correction")
