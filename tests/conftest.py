"""What all tests may use; each plugin brings the fixtures for one thing."""

import gc
import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

MEMORY = "/dev/shm"
ENOUGH_BYTES = 4 * 1024**3

# Databases are written durably thousands of times: on a disk that others use too, one commit may wait for seconds, and
# Slack's three seconds are over.
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH_BYTES:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)

pytest_plugins = ["tests.databases"]


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Collect garbage after each file, so that what a test left open is told of beside it.

    What stays is not looked at again: in a worker that has run hundreds of tests a full collection stops the event
    loop for seconds, and Slack's three are over.
    """
    if nextitem is None or nextitem.path != item.path:
        gc.collect()
        gc.freeze()
