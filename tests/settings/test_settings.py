"""What an operator may set, and what they read when a value is bad."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.domain.errors import BadSetup
from app.domain.incident import Severity
from app.domain.status_update import Audience
from app.settings import EXAMPLES, Settings, load_settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def clean_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in EXAMPLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def problems() -> list[str]:
    with pytest.raises(BadSetup) as caught:
        load_settings()
    return caught.value.problems


def test_nothing_set_gives_the_documented_defaults() -> None:
    settings = load_settings()
    assert settings.port == 3000
    assert settings.host == "127.0.0.1"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.incidents_channel == "ai-incidents"
    assert settings.database_url.startswith("sqlite+aiosqlite:///")
    assert settings.update_cadence == {
        Severity.SEV1: 30,
        Severity.SEV2: 60,
        Severity.SEV3: 240,
        Severity.SEV4: 1440,
    }
    assert settings.llm_restricted_incidents == "never"
    assert not settings.has_model


def test_every_bad_value_is_reported_at_once_with_its_variable_and_an_example(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = {
        "PORT": "seventy",
        "LOG_LEVEL": "loud",
        "DATABASE_URL": "mysql://x",
        "UPDATE_CADENCE": "sev9=1",
        "AUDIENCE_CHANNELS": "press=general",
        "SLACK_API_URL": "slack.com",
        "PUBLIC_URL": "http://",
        "INCIDENTS_CHANNEL": "AI Incidents",
        "API_TOKENS": "justatoken",
        "RETENTION_DAYS": "-1",
        "REGISTER_FILE": "missing.yml",
        "PLAYBOOKS_DIR": "missing",
        "SLACK_BOT_TOKEN": "xapp-1-abc",
        "SLACK_APP_TOKEN": "xoxb-abc",
    }
    for name, value in bad.items():
        monkeypatch.setenv(name, value)
    lines = problems()
    assert {line.split(":")[0] for line in lines} == set(bad)
    for line in lines:
        name = line.split(":")[0]
        assert f"For example: {name}={EXAMPLES[name]}" in line
        assert "\n" not in line


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "OPENAI_BASE_URL"])
def test_a_model_server_without_a_model_name_is_a_problem(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:9/v1")
    assert [line.split(":")[0] for line in problems()] == ["OPENAI_MODEL"]


def test_half_of_an_oauth_client_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    assert [line.split(":")[0] for line in problems()] == ["SLACK_CLIENT_SECRET"]


def test_a_file_named_env_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PORT=4000\nHOST=0.0.0.0\n# a comment\nOTHER=1\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "5000")
    settings = load_settings()
    assert (settings.port, settings.host) == (5000, "0.0.0.0")


def test_an_unreadable_file_named_env_is_one_clear_line() -> None:
    Path(".env").write_bytes(b"PORT=\xff\xfe\n")
    assert len(problems()) == 1


def test_an_empty_value_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "")
    monkeypatch.setenv("PORT", "")
    assert load_settings().slack_bot_token is None
    assert load_settings().port == 3000


def test_severities_left_out_of_the_cadence_keep_their_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPDATE_CADENCE", "sev1=15, SEV4 = 60")
    cadence = load_settings().update_cadence
    assert (cadence[Severity.SEV1], cadence[Severity.SEV2], cadence[Severity.SEV4]) == (15, 60, 60)


def test_addresses_and_names_are_brought_into_one_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api")
    monkeypatch.setenv("PUBLIC_URL", "https://bot.example.com/")
    monkeypatch.setenv("INCIDENTS_CHANNEL", "#incidents")
    settings = load_settings()
    assert settings.slack_api_url == "http://127.0.0.1:1/api/"
    assert settings.public_url == "https://bot.example.com"
    assert settings.incidents_channel == "incidents"


def test_no_secret_is_in_what_settings_print(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "OPENAI_API_KEY", "CONTAINMENT_SECRET"):
        monkeypatch.setenv(name, "hush-hush")
    monkeypatch.setenv("OPENAI_MODEL", "m")
    monkeypatch.setenv("API_TOKENS", "a:hush-hush")
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://me:hush-hush@db/x")
    settings = load_settings()
    assert "hush-hush" not in repr(settings) + str(settings)
    assert settings.api_tokens["a"].get_secret_value() == "hush-hush"


def test_a_bad_secret_is_not_repeated_in_the_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xapp-hush-hush")
    monkeypatch.setenv("SIGNALS_TOKENS", "hush-hush")
    assert "hush-hush" not in "".join(problems())


def test_settings_made_by_hand_read_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "5000")
    assert Settings(host="0.0.0.0").port == 3000


def test_serve_names_every_missing_credential_at_once() -> None:
    lines = Settings().missing_for_serve()
    assert [line.split(":")[0] for line in lines] == ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]


def test_the_example_file_the_settings_and_the_examples_name_the_same_variables() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    in_file = re.findall(r"^([A-Z_]+)=", text, flags=re.MULTILINE)
    assert sorted(in_file) == sorted(name.upper() for name in Settings.model_fields) == sorted(EXAMPLES)


def test_the_example_file_is_itself_a_valid_set_up_with_the_defaults() -> None:
    Path(".env").write_text((ROOT / ".env.example").read_text(encoding="utf-8"), encoding="utf-8")
    assert load_settings().model_dump() == Settings().model_dump()


def test_every_variable_of_the_example_file_has_a_comment_above() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if re.match(r"[A-Z_]+=", line):
            above = lines[number - 1]
            assert above.startswith("#") or re.match(r"(HOST|SLACK_CLIENT_ID|OPENAI_API_KEY)=", above), line


@pytest.mark.parametrize(
    "value", ["stop", "stop=bin/stop", "stop=/no/such/program", "a=/bin/sh,a=/bin/sh", "x=/etc/passwd"]
)
def test_a_command_for_containment_is_a_name_and_a_program_that_can_be_run(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("CONTAINMENT_COMMANDS", value)
    assert [line.split(":")[0] for line in problems()] == ["CONTAINMENT_COMMANDS"]
    monkeypatch.setenv("CONTAINMENT_COMMANDS", "stop=/bin/sh, read = /bin/sh")
    assert load_settings().containment_commands == {"stop": Path("/bin/sh"), "read": Path("/bin/sh")}


def test_audiences_get_channels_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIENCE_CHANNELS", "Leadership=C0123456789, customers = #support-news")
    channels = load_settings().audience_channels
    assert channels == {Audience.LEADERSHIP: "C0123456789", Audience.CUSTOMERS: "support-news"}
    monkeypatch.setenv("AUDIENCE_CHANNELS", "customers=a,customers=b")
    (problem,) = problems()
    assert problem.startswith("AUDIENCE_CHANNELS: has customers twice")
