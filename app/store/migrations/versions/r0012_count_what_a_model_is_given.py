"""count what a model is given"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("audience", sa.String(length=32), nullable=True),
        sa.Column("sections", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("drafter", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
            name=op.f("fk_draft_record_incident_id_incident"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_record")),
    )
    with op.batch_alter_table("draft_record", schema=None) as batch_op:
        batch_op.create_index("ix_draft_record_team_drafted_at", ["team", "drafted_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_record_incident_id"), ["incident_id"], unique=False)


def downgrade() -> None:
    op.drop_table("draft_record")
