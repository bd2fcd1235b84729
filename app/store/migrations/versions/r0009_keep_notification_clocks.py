"""keep notification clocks"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _of_incident(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["incident_id"], ["incident.id"], name=op.f(f"fk_{table}_incident_id_incident"), ondelete="CASCADE"
    )


def upgrade() -> None:
    op.create_table(
        "clock_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        _of_incident("clock_answers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_answers")),
    )
    op.create_table(
        "clock_start",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stamped_by", sa.String(length=32), nullable=False),
        _of_incident("clock_start"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_start")),
    )
    op.create_table(
        "notification_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("regime", sa.String(length=60), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=32), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=False),
        _of_incident("notification_clock"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_clock")),
    )
    op.create_table(
        "clock_phase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("regime", sa.String(length=60), nullable=False),
        sa.Column("phase", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("counted_from", sa.String(length=60), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.String(length=32), nullable=True),
        sa.Column("answered", sa.String(length=32), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by", sa.String(length=32), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        _of_incident("clock_phase"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_phase")),
    )
    op.create_table(
        "clock_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("phase_id", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("ts", sa.String(length=32), nullable=False),
        _of_incident("clock_message"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_message")),
    )
    for table in ("clock_answers", "clock_start", "clock_message"):
        op.create_index(op.f(f"ix_{table}_incident_id"), table, ["incident_id"], unique=False)
    op.create_index("ux_notification_clock_regime", "notification_clock", ["incident_id", "regime"], unique=True)
    op.create_index("ux_clock_phase", "clock_phase", ["incident_id", "regime", "phase", "number"], unique=True)


def downgrade() -> None:
    op.drop_index("ux_clock_phase", table_name="clock_phase")
    op.drop_index("ux_notification_clock_regime", table_name="notification_clock")
    for table in ("clock_message", "clock_start", "clock_answers"):
        op.drop_index(op.f(f"ix_{table}_incident_id"), table_name=table)
    for table in ("clock_message", "clock_phase", "notification_clock", "clock_start", "clock_answers"):
        op.drop_table(table)
