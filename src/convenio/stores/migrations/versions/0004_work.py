"""The work of people: findings, case files, jobs, saved views, forms that were sent."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import inspect

from convenio.stores.base import Document, Moment, Serial

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create them."""
    if inspect(op.get_bind()).has_table("finding"):  # a node of before made these when its pages were opened
        return
    op.create_table(
        "case_file",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
    )
    op.create_index(op.f("ix_case_file_agency"), "case_file", ["agency"], unique=False)
    op.create_index(op.f("ix_case_file_reference"), "case_file", ["reference"], unique=False)
    op.create_table(
        "case_item",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("case_file", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_item")),
    )
    op.create_index(op.f("ix_case_item_case_file"), "case_item", ["case_file"], unique=False)
    op.create_index(op.f("ix_case_item_reference"), "case_item", ["reference"], unique=False)
    op.create_table(
        "finding",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("rank", sa.Double(), nullable=False),
        sa.Column("finding", Document, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("assignee", sa.String(), nullable=True),
        sa.Column("case_file", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", "agency", name=op.f("pk_finding")),
    )
    op.create_index(op.f("ix_finding_case_file"), "finding", ["case_file"], unique=False)
    op.create_index("ix_finding_queue", "finding", ["agency", "state", "rank"], unique=False)
    op.create_table(
        "job",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", Document, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("params", Document, nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("trouble", Document, nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_account"), "job", ["account"], unique=False)
    op.create_index(op.f("ix_job_state"), "job", ["state"], unique=False)
    op.create_table(
        "saved_view",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("saved_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index(op.f("ix_saved_view_account"), "saved_view", ["account"], unique=False)
    op.create_table(
        "sent_form",
        sa.Column("once", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("once", "account", name=op.f("pk_sent_form")),
    )
    op.create_index(op.f("ix_sent_form_sent_at"), "sent_form", ["sent_at"], unique=False)


def downgrade() -> None:
    """Remove them."""
    op.drop_index(op.f("ix_sent_form_sent_at"), table_name="sent_form")
    op.drop_table("sent_form")
    op.drop_index(op.f("ix_saved_view_account"), table_name="saved_view")
    op.drop_table("saved_view")
    op.drop_index(op.f("ix_job_state"), table_name="job")
    op.drop_index(op.f("ix_job_account"), table_name="job")
    op.drop_table("job")
    op.drop_index("ix_finding_queue", table_name="finding")
    op.drop_index(op.f("ix_finding_case_file"), table_name="finding")
    op.drop_table("finding")
    op.drop_index(op.f("ix_case_item_reference"), table_name="case_item")
    op.drop_index(op.f("ix_case_item_case_file"), table_name="case_item")
    op.drop_table("case_item")
    op.drop_index(op.f("ix_case_file_reference"), table_name="case_file")
    op.drop_index(op.f("ix_case_file_agency"), table_name="case_file")
    op.drop_table("case_file")
