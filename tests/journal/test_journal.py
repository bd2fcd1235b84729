"""What the log shows, and what it never shows."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from app.journal import set_up_log


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_one_event_is_one_line_of_json_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_log("info", "json")
    structlog.get_logger("test").info("role_taken", incident="INC-1", role="scribe")
    out, err = capsys.readouterr()
    assert out == ""
    event = json.loads(err)
    assert (event["event"], event["incident"], event["level"]) == ("role_taken", "INC-1", "info")


def test_libraries_log_in_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_log("info", "json")
    logging.getLogger("some.library").warning("it is %s", "odd")
    event = json.loads(capsys.readouterr().err)
    assert (event["event"], event["level"]) == ("it is odd", "warning")


def test_chatty_libraries_are_quiet_unless_debugging(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_log("info", "console")
    logging.getLogger("apscheduler.executors.default").info("ran a job")
    assert capsys.readouterr().err == ""
    set_up_log("debug", "console")
    logging.getLogger("apscheduler.executors.default").info("ran a job")
    assert "ran a job" in capsys.readouterr().err


def test_what_is_below_the_level_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_log("warning", "console")
    structlog.get_logger("test").info("role_taken")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("style", ["console", "json"])
def test_tokens_and_passwords_are_masked_in_values_and_in_tracebacks(
    style: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_log("info", style)
    log = structlog.get_logger("test")
    secrets = ["xoxb-12-ab", "xapp-1-A1-zz", "xoxe.xoxb-1-hh", "xoxp-9"]
    log.info("asked", headers={"Authorization": f"Bearer {secrets[0]}"}, tokens=secrets[1:])
    try:
        int(f"postgresql://me:hunter2@db/x refused {secrets[0]}")
    except ValueError:
        log.exception("database_away")
    shown = capsys.readouterr().err
    assert "database_away" in shown
    assert "ValueError" in shown
    for secret in (*secrets, "hunter2"):
        assert secret not in shown
