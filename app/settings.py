"""What the operator configured: environment variables and `.env`, checked once, frozen afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    DirectoryPath,
    Field,
    FilePath,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.domain.errors import BadSetup
from app.domain.incident import Severity
from app.domain.status_update import Audience
from app.setting_values import (
    address,
    audience_channels,
    base_address,
    bot_token,
    cadence,
    channel,
    database_address,
    days_off,
    filled,
    long_secrets,
    lowered,
    named_commands,
    named_tokens,
    socket_token,
    time_zone,
)

SLACK_API_URL = "https://slack.com/api/"

EXAMPLES: Mapping[str, str] = {
    "SLACK_BOT_TOKEN": "xoxb-…, from OAuth & Permissions",
    "SLACK_SIGNING_SECRET": "0123456789abcdef…, from Basic Information",
    "SLACK_APP_TOKEN": "xapp-…, with the scope connections:write",
    "SLACK_API_URL": SLACK_API_URL,
    "SLACK_CLIENT_ID": "1234567890.1234567890",
    "SLACK_CLIENT_SECRET": "0123456789abcdef…",
    "TOKEN_ENCRYPTION_KEY": "the output of: openssl rand -hex 32",
    "DATABASE_URL": "sqlite+aiosqlite:///ai-incident.db",
    "OPENAI_API_KEY": "sk-…",
    "OPENAI_BASE_URL": "http://127.0.0.1:8080/v1",
    "OPENAI_MODEL": "the-name-your-server-gives-its-model",
    "HOST": "127.0.0.1",
    "PORT": "3000",
    "PUBLIC_URL": "https://incidents.example.com",
    "INCIDENTS_CHANNEL": "ai-incidents",
    "REGISTER_FILE": "register.yml",
    "PLAYBOOKS_DIR": "playbooks",
    "SIGNALS_TOKENS": "alertmanager:a-long-random-token",
    "API_TOKENS": "reporting:a-long-random-token",
    "CONTAINMENT_SECRET": "a-long-random-secret",
    "CONTAINMENT_COMMANDS": "stop-penny=/opt/switches/stop-penny,read-penny=/opt/switches/read-penny",
    "LOG_FORMAT": "console",
    "LOG_LEVEL": "info",
    "TIME_ZONE": "Europe/Berlin",
    "HOLIDAYS": "2026-12-25,us:2026-11-26",
    "AUDIENCE_CHANNELS": "leadership=C0123456789,customers=support-news",
    "UPDATE_CADENCE": "sev1=30,sev2=60,sev3=240,sev4=1440",
    "TRIAL_BASE_URL": "http://127.0.0.1:8080/v1",
    "TRIAL_API_KEY": "sk-…",
    "TRIAL_MODEL": "the-model-under-trial",
    "TRIAL_MAX_TRIES": "200",
    "TRIAL_MAX_TOKENS": "200000",
    "LLM_RESTRICTED_INCIDENTS": "never",
    "LLM_TOKENS_PER_INCIDENT": "500000",
    "LLM_TOKENS_PER_DAY": "5000000",
    "RETENTION_DAYS": "0",
}

# What pydantic would say in a programmer's words.
_PLAIN: Mapping[str, str] = {
    "int_parsing": "must be a whole number",
    "path_not_file": "there is no such file",
    "path_not_directory": "there is no such folder",
}

Address = Annotated[str, AfterValidator(address)]
BaseAddress = Annotated[str, AfterValidator(base_address)]
Secret = Annotated[SecretStr, BeforeValidator(filled)]
BotToken = Annotated[Secret, AfterValidator(bot_token)]
SocketToken = Annotated[Secret, AfterValidator(socket_token)]
DatabaseAddress = Annotated[str, AfterValidator(database_address)]
ChannelName = Annotated[str, AfterValidator(channel)]
NamedTokens = Annotated[Mapping[str, SecretStr], NoDecode, BeforeValidator(named_tokens)]
NamedCommands = Annotated[Mapping[str, Path], NoDecode, BeforeValidator(named_commands)]
Secrets = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(long_secrets)]
TimeZone = Annotated[str, AfterValidator(time_zone)]
DaysOff = Annotated[Mapping[str, frozenset[date]], NoDecode, BeforeValidator(days_off)]
Cadence = Annotated[Mapping[Severity, Annotated[int, Field(ge=1, le=10_080)]], NoDecode, BeforeValidator(cadence)]

AudienceChannels = Annotated[Mapping[Audience, ChannelName], NoDecode, BeforeValidator(audience_channels)]


class Settings(BaseModel):
    """Every setting, by the lower-case name of its variable; made by hand it reads no environment.

    None means unset. `port` 0 lets the system choose. `update_cadence` is in minutes and complete. Token mappings are
    empty when unset. `database_url` may hold a password, so it is kept out of the repr like the secrets.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, str_strip_whitespace=True)

    slack_bot_token: BotToken | None = None
    slack_signing_secret: Secret | None = None
    slack_app_token: SocketToken | None = None
    slack_api_url: BaseAddress = SLACK_API_URL
    slack_client_id: str | None = None
    slack_client_secret: Secret | None = None
    token_encryption_key: Secrets = ()
    database_url: DatabaseAddress = Field(default="sqlite+aiosqlite:///ai-incident.db", repr=False)
    openai_api_key: Secret | None = None
    openai_base_url: Address | None = None
    openai_model: str | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=0, le=65535)
    public_url: Address | None = None
    incidents_channel: ChannelName = "ai-incidents"
    register_file: FilePath | None = None
    playbooks_dir: DirectoryPath | None = None
    signals_tokens: NamedTokens = Field(default_factory=dict)
    api_tokens: NamedTokens = Field(default_factory=dict)
    containment_secret: Secret | None = None
    containment_commands: NamedCommands = Field(default_factory=dict)
    log_format: Annotated[Literal["console", "json"], BeforeValidator(lowered)] = "console"
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(lowered)] = "info"
    audience_channels: AudienceChannels = Field(default_factory=dict)
    update_cadence: Cadence = Field(default_factory=dict, validate_default=True)
    time_zone: TimeZone = "UTC"
    holidays: DaysOff = Field(default_factory=dict)
    trial_base_url: Address | None = None
    trial_api_key: Secret | None = None
    trial_model: str | None = None
    trial_max_tries: int = Field(default=200, ge=1, le=10_000)
    trial_max_tokens: int = Field(default=200_000, ge=1000, le=100_000_000)
    llm_restricted_incidents: Annotated[Literal["never", "allow"], BeforeValidator(lowered)] = "never"
    llm_tokens_per_incident: int = Field(default=500_000, ge=0)
    llm_tokens_per_day: int = Field(default=5_000_000, ge=0)
    retention_days: int = Field(default=0, ge=0, le=36_500)

    @model_validator(mode="after")
    def _settings_that_need_each_other(self) -> Self:
        problems = []
        if self.has_model and not self.openai_model:
            problems.append("OPENAI_MODEL: is needed with OPENAI_API_KEY or OPENAI_BASE_URL")
        if bool(self.trial_base_url) != bool(self.trial_model):
            missing, given = ("MODEL", "BASE_URL") if self.trial_base_url else ("BASE_URL", "MODEL")
            problems.append(f"TRIAL_{missing}: is needed with TRIAL_{given}")
        if bool(self.slack_client_id) != bool(self.slack_client_secret):
            missing, given = ("SECRET", "ID") if self.slack_client_id else ("ID", "SECRET")
            problems.append(f"SLACK_CLIENT_{missing}: is needed with SLACK_CLIENT_{given}")
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def has_model(self) -> bool:
        """True when drafts may come from a model: a key or a server's address is set."""
        return self.openai_api_key is not None or self.openai_base_url is not None

    def address(self, port: int) -> str:
        """How browsers reach the server that listens on `port`, without a slash at the end."""
        return self.public_url or f"http://{self.host}:{port}"

    @property
    def installs(self) -> bool:
        """True when any number of workspaces may install the app, instead of one whose token is set."""
        return bool(self.slack_client_id and self.slack_client_secret)

    @property
    def sealing_secrets(self) -> tuple[str, ...]:
        """What tokens are sealed with at rest: the first seals, all open; empty without an OAuth client.

        The client's secret comes last: it is there anyway and as secret as the tokens, and what it sealed stays
        readable when a key of its own is set later.
        """
        if self.slack_client_secret is None:
            return ()
        return tuple(key.get_secret_value() for key in (*self.token_encryption_key, self.slack_client_secret))

    def missing_for_serve(self) -> list[str]:
        """One line for each credential that keeps `serve` from starting: not set, or one too many."""
        needed = {"SLACK_BOT_TOKEN": self.slack_bot_token, "SLACK_SIGNING_SECRET": self.slack_signing_secret}
        if self.installs:
            del needed["SLACK_BOT_TOKEN"]
        missing = [name for name in needed if needed[name] is None]
        lines = [f"{name}: is not set. For example: {name}={EXAMPLES[name]}" for name in missing]
        if self.installs and self.slack_bot_token is not None:
            lines.append(
                "SLACK_BOT_TOKEN: must be unset with SLACK_CLIENT_ID, where each workspace has a token of its own. "
                "For example: SLACK_BOT_TOKEN="
            )
        return lines


class _Surroundings(BaseSettings, Settings):
    """The settings as the process finds them."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
    )


def load_settings() -> Settings:
    """The settings from the environment, then from `.env` in the working directory.

    Raises BadSetup with one line for each bad value: the variable, what is wrong, an example.
    """
    try:
        return _Surroundings()
    except ValidationError as error:
        raise BadSetup(_problems(error)) from None
    except (OSError, UnicodeDecodeError):
        raise BadSetup([".env can't be read: it must be a UTF-8 text file that you may read"]) from None


def _problems(error: ValidationError) -> list[str]:
    found: dict[str, str] = {}
    for detail in error.errors(include_url=False, include_input=False):
        if detail["loc"]:
            name = str(detail["loc"][0]).upper()
            found.setdefault(name, _said(detail))
        else:
            found.update((line.partition(": ")[0], line.partition(": ")[2]) for line in _said(detail).splitlines())
    return [f"{name}: {said}. For example: {name}={EXAMPLES[name]}" for name, said in found.items()]


def _said(detail: ErrorDetails) -> str:
    plain = _PLAIN.get(detail["type"])
    if plain is not None:
        return plain
    said = detail["msg"].removeprefix("Value error, ")
    return (
        said.replace("Input should be", "must be")
        .replace("less than or equal to", "at most")
        .replace("greater than or equal to", "at least")
    )
