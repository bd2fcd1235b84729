"""keep which model suggested"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("suggestion_offer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("used", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX ix_incident_words_vector SET (fastupdate = off)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX ix_incident_words_vector RESET (fastupdate)")
    with op.batch_alter_table("suggestion_offer", schema=None) as batch_op:
        batch_op.drop_column("used")
