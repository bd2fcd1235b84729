"""Fixtures of the services' tests."""

from collections.abc import Iterator

import pytest
import structlog

from app.store import SqlStore
from tests.services.response import Response


@pytest.fixture(scope="module", autouse=True)
def _plain_tracebacks() -> Iterator[None]:
    """Drawing every local variable of an expected failure takes seconds."""
    before = structlog.get_config()
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])
    yield
    structlog.configure(**before)


@pytest.fixture
def response(store: SqlStore) -> Response:
    return Response(store)
