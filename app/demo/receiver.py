"""The sample receiver of `docs/`, running beside the demo: what the switches of its register call."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAME = "containment_receiver.py"


@contextmanager
def sample_receiver(secret: str, port: int = 0) -> Iterator[Any]:
    """The receiver's server while it listens: `url` is its address, `receiver.effects` what it did. `port` 0: any.

    Raises FileNotFoundError when the installation is broken, OSError when the port is taken.
    """
    sample = _loaded()
    server = sample.Server(sample.Receiver(secret), port=port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _loaded() -> Any:
    spec = importlib.util.spec_from_file_location("containment_receiver", _file())
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"{NAME} can't be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _file() -> Path:
    here = Path(__file__).parent
    for candidate in (here / NAME, here.parents[1] / "docs" / NAME):
        if candidate.is_file():
            return candidate
    raise FileNotFoundError(f"{NAME} is missing from this installation: install it again")
