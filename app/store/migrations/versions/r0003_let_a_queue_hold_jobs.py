"""let a queue hold jobs"""

import sqlalchemy as sa
from alembic import op

from app.store import queue_schema

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("queued_id", sa.BigInteger(), nullable=True))
    queue_schema.catch_up(op.get_bind())


def downgrade() -> None:
    queue_schema.remove(op.get_bind())
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_column("queued_id")
