"""What all tests may use; each plugin brings the fixtures for one thing."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

pytest_plugins = ["tests.databases"]
