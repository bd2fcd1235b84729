"""A text held against its audience's rules: which sentence breaks which, what was found, and why that matters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.status_update import Audience, Section
from app.drafting.audiences.audiences import SHAPES, Rule, words_for
from app.drafting.audiences.insiders import Inside, found_person, found_system
from app.drafting.reading import hostile
from app.ports.drafter import Sentence

WORDS = 350
WHY: Mapping[Rule, str] = {
    Rule.MENTION: "mentions and channels mean nothing outside",
    Rule.PERSON: "no person is named",
    Rule.INTERNAL: "it is an internal name",
    Rule.ADDRESS: "hosts, paths, links and addresses stay inside",
    Rule.IDENTIFIER: "identifiers and versions stay inside",
    Rule.EXPLOIT: "quoted prompts and payloads can be used again",
    Rule.SUSPICION: "what is only suspected is not told",
    Rule.BLAME: "nobody is blamed",
    Rule.JARGON: "readers outside don't use that word",
    Rule.TIME: "times are absolute, with day and zone",
    Rule.SOURCE: "each fact refers to an entry of the record",
    Rule.LENGTH: "it is too long for these readers",
}
_MENTION = re.compile(r"<[@#!][^>]*>|(?<![\w@])@[A-Za-z][\w.-]*|(?<![\w&])#[a-z][\w-]{2,}")
_ADDRESS = re.compile(
    r"[a-z]+://\S+|[\w.+-]+@[\w-]+\.[\w.]+|\b\d{1,3}(?:\.\d{1,3}){3}\b|"
    r"(?<![\w/.])/[a-z_][\w.-]*(?:/[\w.-]*)*|\b[A-Z]:\\\S+|"
    r"(?<![\w@.-])(?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,12}(?::\d+)?(?![\w.])"
)
_IDENTIFIER = re.compile(
    r"\b\w+_\w+\b|\b[a-z]+(?:[A-Z][a-z0-9]+)+\b|\b[A-Z]{2,}-\d+\b|(?<![\w&])#\d+|\bv\d+(?:\.\d+)*\b|"
    r"\b\d+\.\d+\.\d+\b|\b\w+\(\)|\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b|"
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{10,}\b|\b(?:gpt|claude|gemini|llama|mistral|qwen)-?\d[\w.-]*|"
    r"\b[a-z]+-(?:[a-z]+-)*(?:prod|staging|db|svc|api|node|pod|cluster|queue|worker|cache|v?\d+)(?:-[a-z0-9]+)*\b|"
    r"\b(?:prod|staging|db|svc|eu|us)-[a-z0-9]+(?:-[a-z0-9]+)*\b",
)
_COMPOUND = re.compile(r"covid-19|24-7|[a-z]+-(?:in|up|on|off|by|to|and|year|day|hour|time)\b|us-based|eu-wide")
_SUSPICION = re.compile(
    r"\b(?:suspect\w*|perhaps|maybe|probabl\w+|presumabl\w+|hypothes\w+|unconfirmed|not confirmed|"
    r"we (?:think|believe|assume|guess)|whether this holds|whether there is a link|"
    r"(?:may|might|could|possibly|likely|seems?|appears?)\b[^.;]{0,40}\b"
    r"(?:caus\w+|because|due to|trigger\w*|behind))\b",
    re.IGNORECASE,
)
_BLAME = re.compile(
    r"\b(?:to blame|blam(?:e|es|ed|ing)|\w+'s fault|at fault|careless\w*|negligen\w*|human error|incompeten\w*|sloppy|"
    r"forgot(?:ten)?|(?:should|ought to) have (?:known|checked|noticed)|(?:an?|the|our) (?:intern|junior|contractor|"
    r"trainee|new (?:hire|joiner)))\b",
    re.IGNORECASE,
)
_JARGON = re.compile(
    r"\b(?:staging|prod|repo(?:sitory)?|pull request|PR|commit|redis|postgres|kafka|kubernetes|k8s|cron|dashboard|"
    r"grafana|jira|pagerduty|deploy(?:ed|ment|s)?|roll(?:ed)?back|hotfix|runbook|on-?call|sev ?-?[1-4]|logs?|endpoint|"
    r"cache key|embedding|system prompt|guardrails?|p9[59]|canary|feature flag|backend|tool call)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"```|`[^`]+`|\[hostile instruction|\bquoted in part\b|<script|\$\{|\{\{")
_ABSOLUTE = re.compile(r"\b\d{1,2} \w{3,9} \d{4}\b|\b\d{4}-\d{2}-\d{2}\b")
_RELATIVE = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|this (?:morning|afternoon|evening)|last (?:night|week)|"
    r"(?:an?|\d+|some|a few) (?:minutes?|hours?|days?) ago|just now|recently|earlier today|right now)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])(?!\s*(?:UTC|GMT|CES?T|[A-Z]{3,4}T|Z\b))")


@dataclass(frozen=True)
class Breach:
    """One rule broken by one sentence: `found` is what breaks it, cut to a few words; `line` is empty for the whole."""

    rule: Rule
    section: Section | None
    line: str
    found: str
    hard: bool

    @property
    def why(self) -> str:
        return WHY[self.rule]


def breaches(
    audience: Audience, sections: Mapping[Section, Sequence[Sentence]], inside: Inside, words: int = WORDS
) -> list[Breach]:
    """Everything that the text breaks, in the order of the text, hard or not."""
    rules = SHAPES[audience].rules
    found = [
        Breach(rule, section, sentence.text, what, rules[rule])
        for section in Section
        for sentence in sections.get(section, ())
        for rule, what in broken(audience, section, sentence, inside)
    ]
    count = sum(len(sentence.text.split()) for lines in sections.values() for sentence in lines)
    if Rule.LENGTH in rules and count > words_for(audience, words):
        what = f"{count} words, {words_for(audience, words)} are meant"
        found.append(Breach(Rule.LENGTH, None, "", what, rules[Rule.LENGTH]))
    return found


def broken(audience: Audience, section: Section, sentence: Sentence, inside: Inside) -> Iterable[tuple[Rule, str]]:
    """The rules that one sentence breaks, each with the words that do it."""
    for rule in SHAPES[audience].rules:
        look = _LOOKS.get(rule)
        what = look(sentence.text, inside) if look is not None else _placed(rule, audience, section, sentence)
        if what:
            yield rule, " ".join(what.split())[:60]


def _placed(rule: Rule, audience: Audience, section: Section, sentence: Sentence) -> str:
    """What depends on the part where a sentence stands."""
    if rule is Rule.SUSPICION:
        return _suspicion(audience, section, sentence.text)
    if rule is Rule.TIME and section is not Section.UNKNOWNS:
        return _time(sentence.text)
    if rule is Rule.SOURCE and not sentence.citations and section is not Section.UNKNOWNS:
        return sentence.text
    return ""


def _suspicion(audience: Audience, section: Section, text: str) -> str:
    if section not in SHAPES[audience].sections:
        return text
    if audience is Audience.REGULATOR and section in (Section.TESTING, Section.UNKNOWNS):
        return ""
    match = _SUSPICION.search(text)
    if match is None or (section is Section.UNKNOWNS and not match.group().lower().startswith("whether th")):
        return ""
    return match.group()


def _time(text: str) -> str:
    if _ABSOLUTE.search(text):
        return ""
    match = _RELATIVE.search(text) or _CLOCK.search(text)
    return match.group() if match else ""


def _exploit(text: str, _: Inside) -> str:
    if match := _CODE.search(text):
        return match.group()
    if hostile.gives_orders(text):
        return text
    quoted = [words for _, _, words in hostile.quoted_spans(text)]
    named = hostile.names_attack(text)
    return next((words for words in quoted if hostile.order_like(words) or named), "")


def _identifier(text: str, _: Inside) -> str:
    found = (match.group() for match in _IDENTIFIER.finditer(text))
    return next((one for one in found if not _COMPOUND.fullmatch(one.lower())), "")


def _matching(pattern: re.Pattern[str]) -> Callable[[str, Inside], str]:
    def look(text: str, _: Inside) -> str:
        match = pattern.search(text)
        return match.group() if match else ""

    return look


_LOOKS: Mapping[Rule, Callable[[str, Inside], str]] = {
    Rule.MENTION: _matching(_MENTION),
    Rule.PERSON: found_person,
    Rule.INTERNAL: found_system,
    Rule.ADDRESS: _matching(_ADDRESS),
    Rule.IDENTIFIER: _identifier,
    Rule.EXPLOIT: _exploit,
    Rule.BLAME: _matching(_BLAME),
    Rule.JARGON: _matching(_JARGON),
}
