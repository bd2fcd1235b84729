"""Fixtures of the services' tests."""

import pytest

from app.store import SqlStore
from tests.services.response import Response


@pytest.fixture
def response(store: SqlStore) -> Response:
    return Response(store)
