"""Secrets and personal data taken out of text before a model sees it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.drafting.model.secret_checks import (
    is_card,
    is_iban,
    is_ipv6,
    is_phone,
    looks_random,
    plausible_password,
    strongly_random,
)

# What identifies people, in place of what opens something.
PERSONAL = frozenset({"email", "phone", "card", "iban", "ssn", "birth-date", "ip"})
_EDGE = r"(?<![A-Za-z0-9_-])"


@dataclass(frozen=True)
class Redacted:
    """`text` with placeholders such as `[email-1]`, and how many of each kind stand for something.

    The same secret has the same placeholder throughout one text.
    """

    text: str
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class _Rule:
    """What `pattern` finds is a secret of `kind` when `check` says so; its group `secret`, or all of it, is "
    "replaced."""

    kind: str
    pattern: re.Pattern[str]
    check: Callable[[str], bool] = lambda _: True


def _rule(kind: str, pattern: str, check: Callable[[str], bool] = lambda _: True, flags: int = 0) -> _Rule:
    return _Rule(kind, re.compile(pattern, flags), check)


def _prefixed(kind: str, *prefixes: str) -> _Rule:
    """A service's credential: known by its prefix, then at least 16 letters and digits that look random."""
    return _rule(kind, _EDGE + r"(?:" + "|".join(prefixes) + r")[A-Za-z0-9_=/+.-]{14,}(?<![.-])", looks_random)


_NAMED = (
    r"(?<![A-Za-z0-9])(?:[a-z0-9]{1,30}[_.-]){0,5}(?:api[_-]?key|apikey|(?:secret|access|auth|signing|encryption|"
    r"private|master|account|shared)[_-]?"
    r"(?:access[_-]?)?(?:key|token|secret)|token|secret|key|credentials?|session(?:id)?|cookie|signature|sig)"
)

_RULES: tuple[_Rule, ...] = (
    _rule(
        "private-key",
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?:[\s\S]*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|"
        r"[\sA-Za-z0-9+/=:,.-]*)",
    ),
    _rule("private-key", r"\bAGE-SECRET-KEY-1[A-Z0-9]{40,}"),
    _rule("token", _EDGE + r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    _rule(
        "webhook",
        r"https://(?:hooks\.slack\.com/(?:services|workflows|triggers)|(?:\w+\.)?discord(?:app)?\.com/api/webhooks|"
        r"[\w.-]+\.webhook\.office\.com)/\S+",
    ),
    _rule("cloud-key", r"(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])"),
    _rule("cloud-key", _EDGE + r"AIza[A-Za-z0-9_-]{35}"),
    _prefixed("cloud-key", r"ya29\.", r"GOCSPX-", r"do[opr]_v1_", r"LTAI", r"AQ\.Ab"),
    _prefixed("slack-token", r"xox[abeoprs](?:\.xox[bp])?-", r"xapp-\d-", r"xwfp-"),
    _prefixed("git-token", r"gh[oprsu]_", r"github_pat_", r"gl(?:pat|dt|rt|cbt|ptt|soat)-", r"ATBB", r"ATATT3"),
    _prefixed("package-token", r"npm_", r"pypi-", r"dckr_(?:pat|oat)_", r"rubygems_", r"cio", r"oy2"),
    _prefixed(
        "model-key",
        r"sk-(?:proj-|ant-|or-v1-|svcacct-|admin-)?",
        r"r8_",
        r"hf_",
        r"lsv2_(?:pt|sk)_",
        r"gsk_",
        r"pplx-",
        r"xai-",
        r"nvapi-",
        r"AIzaSy",
        r"sess-",
    ),
    _prefixed(
        "payment-key", r"[prs]k_(?:test|live)_", r"whsec_", r"shp(?:at|ca|pa|ss)_", r"sq0(?:atp|csp|idp)-", r"EAAA"
    ),
    _prefixed(
        "service-key",
        *(
            r"gl(?:sa|c)_",
            r"NRAK-",
            r"NRII-",
            r"hv[sbr]\.",
            r"s\.(?=[A-Za-z0-9]{24}\b)",
            r"dapi",
            r"ntn_",
            r"secret_",
            r"SG\.",
            r"key-(?=[0-9a-f]{32})",
            r"lin_api_",
        ),
        *(
            r"figd_",
            r"pul-",
            r"dp\.(?:pt|st|ct|sa)\.",
            r"tfe?\.",
            r"PMAK-",
            r"phc_",
            r"phx_",
            r"sntrys_",
            r"sbp_",
            r"fly?o1_",
            r"FlyV1 ",
            r"rnd_",
            r"cf[a-z]{0,2}_",
            r"AC(?=[0-9a-f]{32}\b)",
        ),
    ),
    _rule("service-key", r"\b\d{8,12}:AA[A-Za-z0-9_-]{28,}"),
    _rule(
        "password",
        r"\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@<>]{0,80}:(?P<secret>[^\s@/<>]{3,200})@",
        plausible_password,
        re.I,
    ),
    _rule(
        "password",
        r"\b(?:pwd|password|accountkey|sharedaccesskey)=(?P<secret>[^\s;\"',&]{4,})",
        plausible_password,
        re.I,
    ),
    _rule("token", r"\b(?:bearer|basic|token)\s+(?P<secret>[A-Za-z0-9_~+/=.-]{20,})", looks_random, re.I),
    _rule(
        "password",
        r"\b(?:[a-z0-9_]{0,40}(?:password|passwd|passphrase|pwd|pass)|pin code)[\"']?\s*(?:[:=]|is now|was|is|"
        r"to)\s*[\"']?(?P<secret>[^\s\"',;]{6,})",
        plausible_password,
        re.I,
    ),
    _rule(
        "secret",
        _NAMED + r"[\"']?\s*(?:[:=]|=>|is|was)\s*[\"']?(?P<secret>[A-Za-z0-9_+/=.~-]{16,})",
        looks_random,
        re.I,
    ),
    _rule("secret", _NAMED + r"\b[\"']?\s+(?P<secret>[A-Za-z0-9_+/=~-]{24,})", looks_random, re.I),
    # No service that we know, but where a secret would stand, and as random as one.
    _rule(
        "secret",
        _NAMED + r"\b[\"']?(?:\s*[:=]\s*[\"']?[a-z0-9]{2,8}:|\s+)(?P<secret>[A-Za-z0-9_+/=~-]{16,})",
        strongly_random,
        re.I,
    ),
    _rule(
        "secret", r"\bauthorization\b[\"']?\s*[:=]\s*(?:[\w-]{2,20}\s+)?(?P<secret>[\w~+/=.-]{16,})", looks_random, re.I
    ),
    _rule(
        "secret",
        _EDGE + r"(?P<secret>[a-z]{2,12}[-_](?:live|prod|test|dev|secret|sk|pat|key|api|token)[-_][A-Za-z0-9]{16,})",
        strongly_random,
    ),
    _rule(
        "password",
        r"\b(?:password|passwd|passphrase|pwd)\s+(?P<secret>(?=[^\s]*\d)(?=[^\s]*[A-Za-z])[^\s\"',;]{6,})",
        plausible_password,
        re.I,
    ),
    _rule("password", r"(?<!\S)(?:-u|--user)\s+[\w.@-]+:(?P<secret>\S{6,})", plausible_password),
    _rule("bot-token", r"(?<![\w.-])[MNO][A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}"),
    _rule("service-key", r"(?<![\w-])[0-9a-f]{32}-us\d{1,2}\b|(?<![\w-])SK[0-9a-f]{32}\b|(?<![\w-])HRKU-[\w-]{30,}"),
    _rule("email", r"(?<![\w.+'-])[\w.+'-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}(?![\w/@-])"),
    _rule("iban", r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b", is_iban),
    _rule("card", r"(?<![\w.:-])\d(?:[ -]?\d){12,18}(?![\w-]|\.\d)", is_card),
    _rule("ssn", r"(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])"),
    _rule(
        "phone",
        r"(?<![\w.:/+-])(?:\+\d{1,3}[ .-]?|00\d{1,3}[ .-]|0|\(0?\d{1,4}\) ?|"
        r"\d{3}[ .-])(?:\(?\d{1,5}\)?[ .-]?){2,6}\d(?![\w:%]|[.-]\d)",
        is_phone,
    ),
    _rule(
        "birth-date",
        r"\b(?:dob|date of birth|born(?: on)?|birth ?da(?:y|te))\b\W{0,3}(?P<secret>\d{1,4}[-./ ](?:\d{1,2}|"
        r"[A-Za-z]{3,9})[-./ ]\d{1,4})",
        flags=re.I,
    ),
    _rule("ip", r"(?<![\w.-])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w-]|\.\d)"),
    _rule(
        "ip",
        r"(?<![\w.-])(?<!version )(?<!build )(?<!release )(?<!driver )(?:(?:25[0-5]|2[0-4]\d|"
        r"1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w-]|\.\d)",
        flags=re.I,
    ),
    _rule("ip", r"(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\w:])", is_ipv6, re.I),
)


_PLACEHOLDER = re.compile(r"\[[a-z]+(?:-[a-z]+)?-\d+\]")


class _Placeholders:
    def __init__(self) -> None:
        self._given: dict[tuple[str, str], str] = {}
        self._meant: dict[str, str] = {}
        self.counts: dict[str, int] = {}

    def restored(self, text: str) -> str:
        return _PLACEHOLDER.sub(lambda match: self._meant.get(match.group(), match.group()), text)

    def of(self, kind: str, secret: str) -> str:
        known = self._given.get((kind, secret))
        if known is None:
            self.counts[kind] = self.counts.get(kind, 0) + 1
            known = self._given[kind, secret] = f"[{kind}-{self.counts[kind]}]"
            self._meant[known] = secret
        return known


class Redactor:
    """Redacts several texts with one set of placeholders, so that a secret keeps its name across them.

    Of the kinds in `spared` nothing is taken out.
    """

    def __init__(self, spared: frozenset[str] = frozenset()) -> None:
        self._placeholders = _Placeholders()
        self._spared = spared

    @property
    def counts(self) -> Mapping[str, int]:
        return dict(self._placeholders.counts)

    def restored(self, text: str) -> str:
        """`text` with the placeholders that this redactor gave turned back."""
        return self._placeholders.restored(text)

    def text(self, text: str) -> str:
        for rule in _RULES:
            text = rule.pattern.sub(lambda match, rule=rule: self._replaced(rule, match), text)  # type: ignore[misc]
        return text

    def _replaced(self, rule: _Rule, match: re.Match[str]) -> str:
        named = "secret" in rule.pattern.groupindex
        secret = match["secret"] if named else match.group()
        if rule.kind in self._spared or secret.startswith("[") or not rule.check(secret):
            return match.group()
        placeholder = self._placeholders.of(rule.kind, secret)
        if not named:
            return placeholder
        start, end = match.start("secret") - match.start(), match.end("secret") - match.start()
        whole = match.group()
        return whole[:start] + placeholder + whole[end:]


def redact(text: str) -> Redacted:
    """`text` without the credentials and personal data the rules know; what isn't known stays."""
    redactor = Redactor()
    return Redacted(redactor.text(text), redactor.counts)
