"""keep approvals and corrections of updates"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LISTS = ("approvals", "written_by", "problems", "corrections")


def upgrade() -> None:
    with op.batch_alter_table("status_update", schema=None) as batch_op:
        for name in LISTS:
            kind = sa.JSON().with_variant(JSONB(), "postgresql")
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=sa.text("'[]'")))
        batch_op.add_column(sa.Column("edited_from", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("sent_channel_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("sent_ts", sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("status_update", schema=None) as batch_op:
        for name in ("sent_ts", "sent_channel_id", "edited_from", *reversed(LISTS)):
            batch_op.drop_column(name)
