"""A linear model over words and pairs of words: what each speaks for, learned beforehand and kept as data."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.domain.incident_words import stem

_WORD = re.compile(r"[a-z][a-z'’]*|\d+")
_COMMON_WORDS = """
a an the of to in on at by for and or is are was were be been it its our we i that this with as from has have had they
them their he she his her not
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_SCALE = 3.0


@dataclass(frozen=True)
class WordWeights:
    """`weights`: for each word, and each pair with a space between, what it adds to every one of `classes`."""

    classes: Sequence[str]
    bias: Sequence[float]
    weights: Mapping[str, Sequence[float]]

    def scores(self, text: str) -> dict[str, float]:
        """What the words of the text speak for, by class; higher is more."""
        totals = list(self.bias)
        for word, value in features(text).items():
            for place, weight in enumerate(self.weights.get(word, ())):
                totals[place] += weight * value
        return dict(zip(self.classes, totals, strict=True))


def parse_weights(source: str) -> WordWeights:
    """The model in that JSON text, whose weights are hundredths. Raises ValueError for anything else."""
    given = json.loads(source)
    classes = tuple(given["classes"])
    if any(len(row) != len(classes) for row in (given["bias"], *given["weights"].values())):
        raise ValueError("every word needs a weight for each class")
    weights = {word: tuple(weight / 100 for weight in row) for word, row in given["weights"].items()}
    return WordWeights(classes, tuple(weight / 100 for weight in given["bias"]), weights)


def features(text: str) -> dict[str, float]:
    """The stems of the words and the pairs of neighbours, all alike, scaled so that long texts count no more."""
    stems = ["#" if word.isdigit() else stem(word) for word in _WORD.findall(text.lower())]
    found = {one for one in stems if one not in _COMMON}
    found.update(f"{one} {other}" for one, other in pairwise(stems))
    value = _SCALE / math.sqrt(len(found)) if found else 0.0
    return dict.fromkeys(found, value)


def shares(scores: Mapping[str, float]) -> dict[str, float]:
    """The scores as shares that add up to one."""
    top = max(scores.values())
    raised = {name: math.exp(score - top) for name, score in scores.items()}
    total = sum(raised.values())
    return {name: value / total for name, value in raised.items()}
