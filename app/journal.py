"""The log: one event a line on standard error, from the product and from the libraries alike, without secrets."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

_SECRET = re.compile(r"xox[a-z](?:\.xox[a-z])?-[\w-]+|xapp-[\w-]+|(?<=://)[^\s/@:]*:[^\s/@]+(?=@)")
# Libraries that tell at info what concerns only their own authors.
_QUIET = (
    "aiohttp.access",
    "alembic",
    "apscheduler",
    "asyncio",
    "httpx2",
    "openai",
    "procrastinate",
    "slack_bolt",
    "slack_sdk",
    "sqlalchemy",
)


def set_up_log(level: str, style: str) -> None:
    """Log at `level` (`debug` to `error`) in the style `console` or `json`; calling again replaces the set-up."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    if style == "json":
        shared.append(structlog.processors.format_exc_info)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(style)],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(_is_news)
    wanted = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(handlers=[handler], level=wanted, force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(wanted if wanted <= logging.DEBUG else max(wanted, logging.WARNING))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


@contextmanager
def about(**facts: object) -> Iterator[None]:
    """Let every log line inside tell these facts (those that are None left out), and none of those told outside.

    A task that is started inside tells them too, and those that it adds by `also_about` itself alone.
    """
    outside = structlog.contextvars.get_contextvars()
    structlog.contextvars.clear_contextvars()
    also_about(**facts)
    try:
        yield
    finally:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(**outside)


def also_about(**facts: object) -> None:
    """Let every log line from here on, up to the end of the present `about`, tell these facts too."""
    structlog.contextvars.bind_contextvars(**{name: fact for name, fact in facts.items() if fact is not None})


def _is_news(record: logging.LogRecord) -> bool:
    """Everything but Bolt's remark that it doesn't use the token it found in the environment: it uses ours."""
    return not (record.name.startswith("slack_bolt") and "`token`" in record.getMessage())


def _renderer(style: str) -> Processor:
    if style == "json":
        return _masking(structlog.processors.JSONRenderer())
    plain = structlog.dev.plain_traceback
    return _masking(structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain))


def _masking(render: Processor) -> Processor:
    """The renderer with Slack tokens, and passwords in addresses, masked wherever in the line they stand."""

    def rendered(logger: Any, method: str, event: EventDict) -> str:
        return _SECRET.sub("***", str(render(logger, method, event)))

    return rendered
