"""What may be written on the command line. Nothing heavy is imported here, so that --help and --version are quick."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from app import __version__

AUDIENCES = ("responders", "leadership", "customers", "regulator")

_ABOUT = "Runs the response when an AI system fails, from Slack."
_SETTINGS = "Settings come from the environment and from .env in the working directory; .env.example lists them."


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands; the parsed namespace has `command`, the name of the module that carries it out."""
    parser = argparse.ArgumentParser(prog="ai-incident", description=_ABOUT, epilog=_SETTINGS)
    parser.add_argument("--version", action="version", version=f"ai-incident {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (about, add_arguments) in _COMMANDS.items():
        command = commands.add_parser(name, help=about, description=about, epilog=_SETTINGS)
        add_arguments(command)
        command.set_defaults(command=name.replace("-", "_"))
    return parser


def _nothing(_parser: argparse.ArgumentParser) -> None:
    pass


def _key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("key", metavar="KEY", help="an incident's key, such as INC-42")


def _format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("json", "md"), default="md", help="json, or md for Markdown (default)")


def _record(parser: argparse.ArgumentParser) -> None:
    _key(parser)
    _format(parser)


def _postmortem(parser: argparse.ArgumentParser) -> None:
    _key(parser)
    parser.add_argument(
        "--format",
        choices=("json", "md", "html", "pdf"),
        default="md",
        help="json, md for Markdown (default), html for one page that prints well, or pdf (needs the extra 'pdf')",
    )


def _draft(parser: argparse.ArgumentParser) -> None:
    _key(parser)
    parser.add_argument("--audience", choices=AUDIENCES, default="responders", help="whom it is for (responders)")
    parser.add_argument(
        "--as-of",
        metavar="ISO_TIME",
        help="draft from what was known then, such as 2026-11-23T14:30:00Z; without an offset it is UTC",
    )
    _format(parser)


def _import_slack(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("export_dir", metavar="EXPORT_DIR", help="the unpacked folder, with users.json in it")
    parser.add_argument("--channel", required=True, metavar="NAME", help="the channel whose history is the incident")


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--keep", action="store_true", help="keep the workspace open in the browser until Ctrl-C, to act in it yourself"
    )


def _jsonl(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--jsonl",
        action="store_true",
        help='standard input has a JSON object with "text" on each line, and so has the output',
    )


_COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "serve": ("Run the bot.", _nothing),
    "demo": ("Play an incident in a local Slack workspace: no account, no network, no key.", _demo),
    "doctor": ("Find what is wrong in a set-up, before it hurts.", _nothing),
    "migrate": ("Bring the database to this version's schema.", _nothing),
    "import-slack": ("Build an incident from a Slack export, and print its key.", _import_slack),
    "draft": ("Print a What We Know draft of an incident.", _draft),
    "postmortem": ("Print the postmortem of an incident, drafting it if there is none.", _postmortem),
    "export": ("Print the whole record of an incident.", _record),
    "redact": ("Copy standard input to standard output as a model would get it.", _jsonl),
    "suggest": ("Say what a first report on standard input suggests: kind of failure, system, severity.", _jsonl),
}
