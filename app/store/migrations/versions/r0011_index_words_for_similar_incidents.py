"""index words for similar incidents"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

from app.domain.incident_words import stems_of

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# SQLite's own index reads the words from the table beside it, and is told by triggers of what changes there.
_SQLITE = (
    "CREATE VIRTUAL TABLE incident_search USING fts5("
    "words, content='incident_words', content_rowid='incident_id', tokenize='unicode61 remove_diacritics 0')",
    "CREATE VIRTUAL TABLE incident_search_terms USING fts5vocab('incident_search', 'row')",
    "CREATE TRIGGER incident_words_added AFTER INSERT ON incident_words BEGIN "
    "INSERT INTO incident_search(rowid, words) VALUES (new.incident_id, new.words); END",
    "CREATE TRIGGER incident_words_deleted AFTER DELETE ON incident_words BEGIN "
    "INSERT INTO incident_search(incident_search, rowid, words) VALUES ('delete', old.incident_id, old.words); END",
    "CREATE TRIGGER incident_words_changed AFTER UPDATE ON incident_words BEGIN "
    "INSERT INTO incident_search(incident_search, rowid, words) VALUES ('delete', old.incident_id, old.words); "
    "INSERT INTO incident_search(rowid, words) VALUES (new.incident_id, new.words); END",
)


def upgrade() -> None:
    op.create_table(
        "incident_words",
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("vector", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_words_incident_id_incident"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_incident_words")),
    )
    with op.batch_alter_table("incident_words", schema=None) as batch_op:
        batch_op.create_index("ix_incident_words_vector", ["vector"], unique=False, postgresql_using="gin")
    if op.get_bind().dialect.name == "sqlite":
        for statement in _SQLITE:
            op.execute(statement)
    _index_what_is_there()
    _create_signals()
    _create_offers()
    _create_packs()


def _index_what_is_there() -> None:
    connection = op.get_bind()
    columns = "INSERT INTO incident_words (incident_id, team, words, vector) "
    on_sqlite, on_postgres = (
        "VALUES (:id, :team, :words, NULL)",
        "VALUES (:id, :team, :words, to_tsvector('simple', :words))",
    )
    added = sa.text(columns + (on_postgres if connection.dialect.name == "postgresql" else on_sqlite))
    for row in connection.execute(sa.text("SELECT id, team, title, summary FROM incident ORDER BY id")).all():
        words = " ".join(stems_of(f"{row.title} {row.summary}"))
        connection.execute(added, {"id": row.id, "team": row.team, "words": words})


def _create_signals() -> None:
    op.create_table(
        "signal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("system", sa.String(length=80), nullable=True),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("detail", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
    )
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.create_index("ux_signal_external", ["team", "source", "external_id"], unique=True)
        batch_op.create_index("ix_signal_at", ["team", "at"], unique=False)


def _create_offers() -> None:
    op.create_table(
        "suggestion_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("archetype", sa.String(length=32), nullable=False),
        sa.Column("system_type", sa.String(length=32), nullable=True),
        sa.Column("severity", sa.String(length=32), nullable=False),
        sa.Column("phrases", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("because", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("severity_because", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_suggestion_offer_incident_id_incident"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_offer")),
    )
    with op.batch_alter_table("suggestion_offer", schema=None) as batch_op:
        batch_op.create_index("ux_suggestion_offer_incident", ["incident_id"], unique=True)


def _create_packs() -> None:
    op.create_table(
        "triage_pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("empty", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("gathered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=True),
        sa.Column("ts", sa.String(length=32), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds_to_context", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_triage_pack_incident_id_incident"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_triage_pack")),
    )
    with op.batch_alter_table("triage_pack", schema=None) as batch_op:
        batch_op.create_index("ux_triage_pack_incident", ["incident_id"], unique=True)


def downgrade() -> None:
    for table in ("triage_pack", "suggestion_offer", "signal"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE incident_search_terms")
        op.execute("DROP TABLE incident_search")
    op.drop_table("incident_words")
