"""Words, stems and amounts of a text, as the drafting rules compare them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['\u2019.]?[^\W_]+)*")


def word_list(text: str) -> list[str]:
    """The words of `text` in order, as written."""
    return text.split()


def word_set(text: str) -> frozenset[str]:
    """The words of `text`, as written."""
    return frozenset(text.split())


_STOP = word_set(
    """a about after again all also am an and any are as at be been before being both but by can cant could did do
    does doesnt dont each few for from had has have he her here him his how i if im in into is isnt it its just
    let may me more most my no nor not now of off ok on once one only or other our out over own same she should
    so some still such than that thats the their them then there these they this those through to too under
    until up us very was we were what when where which while who whom why will with without would yes you your"""
)
_SUFFIXES = ("ations", "ation", "ingly", "edly", "ings", "ing", "ied", "ies", "ers", "er", "ed", "es", "s", "ly", "e")
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH})[a-z]*|(?:{_MONTH})[a-z]* \d{{1,4}}(?:st|nd|rd|th)?)\b", re.IGNORECASE
)
_AMOUNT = re.compile(
    r"(?<![\w.#:/-])([$€£]?)(\d[\d,]*(?:\.\d+)?)(?:\s?(%|k\b|m\b|million|thousand))?(?!:\d|[\w]|\.\d)(\s*)"
    r"((?:of (?:the |all )?\d[\d,]*\s*)?)([^\W\d_][\w-]*)?"
)
_NO_UNIT = (
    _STOP
    | word_set("since per than via yet ago far total good bad unclear wrong right older newer")
    | {"please", "pls", "now", "utc", "cet", "am", "pm"}
)


@dataclass(frozen=True)
class Amount:
    """A number with what it counts: `value` as digits without separators, `unit` a stem, `%` or a currency sign."""

    value: str
    unit: str
    start: int
    end: int


def words(text: str) -> list[str]:
    """The words and numbers of `text`, lower case, in order."""
    return [word.replace("\u2019", "'") for word in _WORD.findall(text.lower())]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """`word` without a common English ending; words of four letters or fewer are kept."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    return word


def content(text: str) -> frozenset[str]:
    """The stems of `text` that carry meaning, numbers included."""
    return frozenset(
        stem(word) for word in words(text) if word.replace("'", "") not in _STOP and (len(word) > 1 or word.isdigit())
    )


def amounts(text: str) -> tuple[Amount, ...]:
    """The counted amounts in `text`; dates, times and identifiers are none."""
    bare = _DATE.sub(lambda match: "\0" * len(match.group()), text)
    found = []
    for match in _AMOUNT.finditer(bare):
        sign, digits, scale, _, of, noun = match.groups()
        noun = "" if (noun or "").lower() in _NO_UNIT else (noun or "")
        unit = sign or ("%" if scale == "%" else stem(noun.lower()))
        if of:
            unit = "of"
        value = digits.replace(",", "").rstrip(".") + (scale or "").replace("%", "").strip()
        found.append(Amount(value, unit, match.start(), match.end(3) if scale else match.end(2)))
    return tuple(found)


def numbers(text: str) -> frozenset[str]:
    """Every number in `text` outside dates and clock times, without thousands separators."""
    bare = _DATE.sub(" ", text)
    bare = re.sub(r"(?<=\d)[, \u202f](?=\d{3}\b)", "", bare)
    return frozenset(re.findall(r"(?<![\w:.])\d+(?:\.\d+)*(?![\d:])", bare))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the smaller set that both have; 0 when one is empty."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0
