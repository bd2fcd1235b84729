"""keep reviews of postmortems and follow ups"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("layer", sa.String(length=32), nullable=True),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=32), nullable=True),
        sa.Column("plan", sa.Integer(), nullable=False),
        sa.Column("lead_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel_id", sa.String(length=32), nullable=True),
        sa.Column("ts", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_follow_up_incident_id_incident"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index("ix_follow_up_owner", ["team", "owner", "state"], unique=False)
        batch_op.create_index("ux_follow_up_number", ["incident_id", "number"], unique=True)

    op.create_table(
        "postmortem_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
            name=op.f("fk_postmortem_comment_incident_id_incident"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postmortem_comment")),
    )
    with op.batch_alter_table("postmortem_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_postmortem_comment_incident_id"), ["incident_id"], unique=False)

    op.create_table(
        "postmortem_duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("plan", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_postmortem_duty_incident_id_incident"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postmortem_duty")),
        sa.UniqueConstraint("incident_id", name=op.f("uq_postmortem_duty_incident_id")),
    )
    op.create_table(
        "postmortem_reviewer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=32), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
            name=op.f("fk_postmortem_reviewer_incident_id_incident"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postmortem_reviewer")),
    )
    with op.batch_alter_table("postmortem_reviewer", schema=None) as batch_op:
        batch_op.create_index("ux_postmortem_reviewer", ["incident_id", "user"], unique=True)

    with op.batch_alter_table("postmortem", schema=None) as batch_op:
        batch_op.add_column(sa.Column("change", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("postmortem", schema=None) as batch_op:
        batch_op.drop_column("change")

    with op.batch_alter_table("postmortem_reviewer", schema=None) as batch_op:
        batch_op.drop_index("ux_postmortem_reviewer")

    op.drop_table("postmortem_reviewer")
    op.drop_table("postmortem_duty")
    with op.batch_alter_table("postmortem_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_postmortem_comment_incident_id"))

    op.drop_table("postmortem_comment")
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.drop_index("ux_follow_up_number")
        batch_op.drop_index("ix_follow_up_owner")

    op.drop_table("follow_up")
