"""The first tables: people, agreements, the border, custody, the intents of the ledger."""

import sqlalchemy as sa
from alembic import op

from convenio.stores.base import Document, Moment, Serial

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "agency",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("title_es", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_agency")),
    )
    op.create_table(
        "agreement",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("signed", Document, nullable=False),
        sa.Column("adopted_at", Moment(), nullable=False),
        sa.Column("suspended_at", Moment(), nullable=True),
        sa.Column("suspended_why", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_agreement")),
        sa.UniqueConstraint("id", "version", name=op.f("uq_agreement_id_version")),
    )
    op.create_index(op.f("ix_agreement_id"), "agreement", ["id"], unique=False)
    op.create_table(
        "approval",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("credential", sa.String(), nullable=False),
        sa.Column("decision_digest", sa.String(), nullable=False),
        sa.Column("signature", Document, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint("request", "account", name=op.f("uq_approval_request_account")),
    )
    op.create_index(op.f("ix_approval_request"), "approval", ["request"], unique=False)
    op.create_table(
        "budget",
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("used", Serial, nullable=False),
        sa.PrimaryKeyConstraint("peer", "clause", "side", "day", "what", name=op.f("pk_budget")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("holding", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("given_at", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_holding"), "consent", ["holding"], unique=False)
    op.create_table(
        "dataset",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("record_type", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("columns", Document, nullable=False),
        sa.Column("marking", Document, nullable=False),
        sa.Column("provenance", Document, nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataset")),
    )
    op.create_index(op.f("ix_dataset_agency"), "dataset", ["agency"], unique=False)
    op.create_index(op.f("ix_dataset_category"), "dataset", ["category"], unique=False)
    op.create_table(
        "inbox_message",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("sequence", Serial, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("reply", Document, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_message")),
    )
    op.create_index(op.f("ix_inbox_message_peer"), "inbox_message", ["peer"], unique=False)
    op.create_table(
        "intent",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("log", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", Document, nullable=False),
        sa.Column("content", Document, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("position", Serial, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intent")),
    )
    op.create_index(op.f("ix_intent_kind"), "intent", ["kind"], unique=False)
    op.create_index(op.f("ix_intent_subject"), "intent", ["subject"], unique=False)
    op.create_index("ix_intent_waiting", "intent", ["log", "position", "id"], unique=False)
    op.create_table(
        "mark",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mark")),
    )
    op.create_table(
        "match_run",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("agreement", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("key_kind", sa.String(), nullable=False),
        sa.Column("case_reference", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("snapshot", sa.String(), nullable=False),
        sa.Column("subjects", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("padded_size", sa.Integer(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("commitment", sa.String(), nullable=False),
        sa.Column("details", Document, nullable=False),
        sa.Column("openings", sa.LargeBinary(), nullable=True),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_run")),
    )
    op.create_index(op.f("ix_match_run_peer"), "match_run", ["peer"], unique=False)
    op.create_index(op.f("ix_match_run_started_at"), "match_run", ["started_at"], unique=False)
    op.create_table(
        "match_snapshot",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("agreement", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("key_kind", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("padded_size", sa.Integer(), nullable=False),
        sa.Column("bits", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_snapshot")),
    )
    op.create_index("ix_match_snapshot_use", "match_snapshot", ["peer", "clause", "key_kind", "state"], unique=False)
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("sequence", Serial, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("next_try", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("delivered_at", Moment(), nullable=True),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("peer", "sequence", name=op.f("uq_outbox_message_peer_sequence")),
    )
    op.create_index(op.f("ix_outbox_message_delivered_at"), "outbox_message", ["delivered_at"], unique=False)
    op.create_table(
        "peer",
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("roster", Document, nullable=False),
        sa.Column("roster_version", sa.Integer(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("last_seen", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("party", name=op.f("pk_peer")),
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("agreement", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", Document, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
    )
    op.create_index(op.f("ix_receipt_allowed"), "receipt", ["allowed"], unique=False)
    op.create_index(op.f("ix_receipt_at"), "receipt", ["at"], unique=False)
    op.create_index(op.f("ix_receipt_subject"), "receipt", ["subject"], unique=False)
    op.create_table(
        "received_copy",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("agreement", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("conditions", Document, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_digest", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("held_by", sa.String(), nullable=True),
        sa.Column("held_reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_copy")),
    )
    op.create_index(op.f("ix_received_copy_expires_at"), "received_copy", ["expires_at"], unique=False)
    op.create_index(op.f("ix_received_copy_peer"), "received_copy", ["peer"], unique=False)
    op.create_index(op.f("ix_received_copy_request"), "received_copy", ["request"], unique=False)
    op.create_index(op.f("ix_received_copy_state"), "received_copy", ["state"], unique=False)
    op.create_table(
        "release",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("agreement", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("conditions", Document, nullable=False),
        sa.Column("content_digest", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("acceptance", Document, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("released_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
    )
    op.create_index(op.f("ix_release_peer"), "release", ["peer"], unique=False)
    op.create_index(op.f("ix_release_request"), "release", ["request"], unique=False)
    op.create_index(op.f("ix_release_state"), "release", ["state"], unique=False)
    op.create_table(
        "request",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("agreement", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("case_reference", sa.String(), nullable=False),
        sa.Column("fields", Document, nullable=False),
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("references", Document, nullable=False),
        sa.Column("asker", sa.String(), nullable=False),
        sa.Column("asker_agency", sa.String(), nullable=False),
        sa.Column("asker_role", sa.String(), nullable=False),
        sa.Column("subject_role", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.Column("answer", Document, nullable=True),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
    )
    op.create_index(op.f("ix_request_opened_at"), "request", ["opened_at"], unique=False)
    op.create_index(op.f("ix_request_peer"), "request", ["peer"], unique=False)
    op.create_index(op.f("ix_request_state"), "request", ["state"], unique=False)
    op.create_table(
        "tombstone",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("erased_at", Moment(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstone")),
    )
    op.create_table(
        "account",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("roles", Document, nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["agency"], ["agency.name"], name=op.f("fk_account_agency")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_account")),
    )
    op.create_table(
        "credential",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("public", sa.String(), nullable=False),
        sa.Column("details", Document, nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("enrolled_at", Moment(), nullable=False),
        sa.Column("enrolled_by", sa.String(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.name"], name=op.f("fk_credential_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
    )
    op.create_index(op.f("ix_credential_account"), "credential", ["account"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("scopes", Document, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("last_seen", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.name"], name=op.f("fk_sign_in_account")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_account"), "sign_in", ["account"], unique=False)


def downgrade() -> None:
    """Remove them."""
    op.drop_index(op.f("ix_sign_in_account"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index(op.f("ix_credential_account"), table_name="credential")
    op.drop_table("credential")
    op.drop_table("account")
    op.drop_table("tombstone")
    op.drop_index(op.f("ix_request_state"), table_name="request")
    op.drop_index(op.f("ix_request_peer"), table_name="request")
    op.drop_index(op.f("ix_request_opened_at"), table_name="request")
    op.drop_table("request")
    op.drop_index(op.f("ix_release_state"), table_name="release")
    op.drop_index(op.f("ix_release_request"), table_name="release")
    op.drop_index(op.f("ix_release_peer"), table_name="release")
    op.drop_table("release")
    op.drop_index(op.f("ix_received_copy_state"), table_name="received_copy")
    op.drop_index(op.f("ix_received_copy_request"), table_name="received_copy")
    op.drop_index(op.f("ix_received_copy_peer"), table_name="received_copy")
    op.drop_index(op.f("ix_received_copy_expires_at"), table_name="received_copy")
    op.drop_table("received_copy")
    op.drop_index(op.f("ix_receipt_subject"), table_name="receipt")
    op.drop_index(op.f("ix_receipt_at"), table_name="receipt")
    op.drop_index(op.f("ix_receipt_allowed"), table_name="receipt")
    op.drop_table("receipt")
    op.drop_table("peer")
    op.drop_index(op.f("ix_outbox_message_delivered_at"), table_name="outbox_message")
    op.drop_table("outbox_message")
    op.drop_index("ix_match_snapshot_use", table_name="match_snapshot")
    op.drop_table("match_snapshot")
    op.drop_index(op.f("ix_match_run_started_at"), table_name="match_run")
    op.drop_index(op.f("ix_match_run_peer"), table_name="match_run")
    op.drop_table("match_run")
    op.drop_table("mark")
    op.drop_index("ix_intent_waiting", table_name="intent")
    op.drop_index(op.f("ix_intent_subject"), table_name="intent")
    op.drop_index(op.f("ix_intent_kind"), table_name="intent")
    op.drop_table("intent")
    op.drop_index(op.f("ix_inbox_message_peer"), table_name="inbox_message")
    op.drop_table("inbox_message")
    op.drop_index(op.f("ix_dataset_category"), table_name="dataset")
    op.drop_index(op.f("ix_dataset_agency"), table_name="dataset")
    op.drop_table("dataset")
    op.drop_index(op.f("ix_consent_holding"), table_name="consent")
    op.drop_table("consent")
    op.drop_table("budget")
    op.drop_index(op.f("ix_approval_request"), table_name="approval")
    op.drop_table("approval")
    op.drop_index(op.f("ix_agreement_id"), table_name="agreement")
    op.drop_table("agreement")
    op.drop_table("agency")
