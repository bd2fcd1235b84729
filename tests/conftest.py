"""What all tests may use; each plugin brings the fixtures for one thing."""

import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

MEMORY = "/dev/shm"
ENOUGH_BYTES = 4 * 1024**3

# Databases are written durably thousands of times: on a disk that others use too, one commit may wait for seconds, and
# Slack's three seconds are over.
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH_BYTES:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)

pytest_plugins = ["tests.databases"]
