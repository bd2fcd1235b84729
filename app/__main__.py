"""The command line: parses, carries out one command, and turns errors into one line each."""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.commands.parser import build_parser

if TYPE_CHECKING:
    import argparse

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out the command in `argv` (None: the process's own) and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Records and messages hold every language, whatever the locale.
            stream.reconfigure(encoding="utf-8")
    arguments = build_parser().parse_args(argv)
    try:
        return _carry_out(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; closing it again at exit must not complain.
        sys.stdout = None
        return 1


def _carry_out(arguments: argparse.Namespace) -> int:
    import structlog

    from app.domain.errors import BadSetup, IncidentError
    from app.journal import set_up_log

    set_up_log("warning", "console")
    try:
        command = importlib.import_module(f"app.commands.{arguments.command}")
        return int(command.run(arguments))
    except BadSetup as error:
        return _refuse(*error.problems)
    except IncidentError as error:
        return _refuse(str(error))
    except Exception as error:
        if isinstance(error, BrokenPipeError):
            raise
        structlog.get_logger(__name__).debug("command_failed", command=arguments.command, exc_info=True)
        return _refuse(f"Something unexpected went wrong ({type(error).__name__}). LOG_LEVEL=debug shows where.")


def _refuse(*lines: str) -> int:
    for line in lines:
        print(f"ai-incident: {' '.join(line.split())}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
