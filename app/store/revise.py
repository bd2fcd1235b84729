"""Write a migration for what has changed in the records: `python -m app.store.revise "what it does"`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.store.schema import connected, migrate_now, scripts
from app.store.url import database_url


def main() -> None:
    """Compare the records with all migrations, on a database of its own, and write the difference as a new one."""
    parser = argparse.ArgumentParser(prog="python -m app.store.revise", description=__doc__)
    parser.add_argument("message", help="what the migration does, in the imperative")
    message = parser.parse_args().message
    config = _config()
    number = 1 + len(list(ScriptDirectory.from_config(config).walk_revisions()))
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'compared.db'}"
        migrate_now(url)
        with connected(database_url(url)) as connection:
            config.attributes["connection"] = connection
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")


def _config() -> Config:
    config = scripts()
    config.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
    formatting = {
        "hooks": "ruff",
        "ruff.type": "module",
        "ruff.module": "ruff",
        "ruff.options": "format --quiet REVISION_SCRIPT_FILENAME",
    }
    for name, value in formatting.items():
        config.set_section_option("post_write_hooks", name, value)
    return config


if __name__ == "__main__":
    main()
