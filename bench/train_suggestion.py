"""Learn what words speak for in first reports: writes app/knowledge/*_words.json, and says how good it is on the rest.

Usage: python bench/train_suggestion.py [--check]   (with --check nothing is written)

The cues of app/knowledge/*_cues.yml count as they stand; the weights are learned beside them, by logistic regression
(AdaGrad), from tests/data/archetypes.jsonl and tests/data/own_reports.jsonl. The figures are of folds: what is measured
was learned from the other reports alone.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from app.domain.incident import SystemType  # noqa: E402
from app.drafting.suggesting.cue_matching import found_in  # noqa: E402
from app.drafting.suggesting.suggesting import CUE_WORTH, SUGGESTED  # noqa: E402
from app.drafting.suggesting.word_weights import WordWeights, features  # noqa: E402
from app.knowledge.cues import Cue, load_cues  # noqa: E402

DATA = ROOT / "tests" / "data"
KNOWLEDGE = ROOT / "app" / "knowledge"
ROUNDS, RATE, SHRINK, SEEN_AT_LEAST, FOLDS, KEPT_FROM = 25, 0.12, 0.002, 2, 5, 0.1


class Example(NamedTuple):
    """A report's features, what its cues speak for, and the places of the acceptable labels, the best first."""

    words: dict[str, float]
    cues: list[float]
    labels: list[int]


def reports() -> list[dict[str, Any]]:
    lines = [line for name in ("archetypes", "own_reports") for line in (DATA / f"{name}.jsonl").open(encoding="utf-8")]
    return [json.loads(line) for line in lines]


def example(text: str, labels: Sequence[str], classes: Sequence[str], cues: Sequence[Cue]) -> Example:
    speaking = dict.fromkeys(classes, 0.0)
    for one in found_in(text, cues):
        speaking[one.cue.group] += CUE_WORTH * one.cue.weight
    return Example(features(text), list(speaking.values()), [classes.index(one) for one in labels])


def _shares(totals: Sequence[float]) -> list[float]:
    raised = [math.exp(one - max(totals)) for one in totals]
    return [one / sum(raised) for one in raised]


def _wanted(share: Sequence[float], labels: Sequence[int]) -> list[float]:
    """Half for the best label, half shared among the acceptable ones as the model has them."""
    wanted = [0.0] * len(share)
    acceptable = sum(share[one] for one in labels)
    for one in labels:
        wanted[one] += 0.5 * share[one] / acceptable
    wanted[labels[0]] += 0.5
    return wanted


class Learner:
    def __init__(self, classes: Sequence[str]) -> None:
        self.classes = classes
        self.bias = [0.0] * len(classes)
        self.weights: dict[str, list[float]] = {}
        self.steps: dict[str, list[float]] = {}

    def learn(self, examples: Sequence[Example]) -> WordWeights:
        seen = Counter(word for one in examples for word in one.words)
        often = [
            Example({w: v for w, v in one.words.items() if seen[w] >= SEEN_AT_LEAST}, one.cues, one.labels)
            for one in examples
        ]
        first = Counter(one.labels[0] for one in often)
        worth = {label: math.sqrt(len(often) / len(self.classes) / count) for label, count in first.items()}
        order = random.Random(1)
        for _ in range(ROUNDS):
            order.shuffle(often)
            for one in often:
                self._step(one, worth[one.labels[0]])
        kept = {
            w: [round(x, 2) for x in row] for w, row in sorted(self.weights.items()) if max(map(abs, row)) >= KEPT_FROM
        }
        return WordWeights(self.classes, [round(one, 2) for one in self.bias], kept)

    def _step(self, one: Example, worth: float) -> None:
        places = range(len(self.classes))
        totals = [self.bias[place] + one.cues[place] for place in places]
        for word, value in one.words.items():
            for place, weight in enumerate(self.weights.get(word, ())):
                totals[place] += weight * value
        share = _shares(totals)
        slope = [worth * (share[place] - want) for place, want in enumerate(_wanted(share, one.labels))]
        if max(map(abs, slope)) < 0.01:
            return
        for place in places:
            self.bias[place] -= 0.01 * slope[place]
        for word, value in one.words.items():
            row = self.weights.setdefault(word, [0.0] * len(self.classes))
            steps = self.steps.setdefault(word, [0.01] * len(self.classes))
            for place in places:
                down = slope[place] * value + SHRINK * row[place]
                steps[place] += down * down
                row[place] -= RATE * down / math.sqrt(steps[place])


def right(model: WordWeights, one: Example) -> bool:
    totals = [model.bias[place] + one.cues[place] for place in range(len(model.classes))]
    for word, value in one.words.items():
        for place, weight in enumerate(model.weights.get(word, ())):
            totals[place] += weight * value
    return totals.index(max(totals)) in one.labels


def by_folds(examples: Sequence[Example], classes: Sequence[str], counted: int) -> tuple[float, float]:
    """The share of right answers over all, and over the first `counted`."""
    answers = [False] * len(examples)
    for fold in range(FOLDS):
        model = Learner(classes).learn([one for place, one in enumerate(examples) if place % FOLDS != fold])
        for place in range(fold, len(examples), FOLDS):
            answers[place] = right(model, examples[place])
    return sum(answers) / len(answers), sum(answers[:counted]) / counted


def write(model: WordWeights, path: Path) -> None:
    lines = ",\n".join(
        f"{json.dumps(word, ensure_ascii=False)}: {json.dumps([round(x * 100) for x in row])}"
        for word, row in model.weights.items()
    )
    head = f'"classes": {json.dumps(model.classes)},\n"bias": {json.dumps([round(x * 100) for x in model.bias])}'
    path.write_text(f'{{{head},\n"weights": {{\n{lines}\n}}}}\n', encoding="utf-8")


def main(check: bool) -> None:
    told = [one for one in reports() if one["labels"] != ["unsure"]]
    given = sum(1 for _ in (DATA / "archetypes.jsonl").open(encoding="utf-8"))
    for name, classes, labels in (
        ("archetype", [str(one) for one in SUGGESTED], [one["labels"] for one in told]),
        ("system_type", [str(one) for one in SystemType], [[one["system_type"]] for one in told]),
    ):
        cues = load_cues(f"{name}_cues.yml", classes)
        examples = [example(one["text"], kinds, classes, cues) for one, kinds in zip(told, labels, strict=True)]
        if check:
            everywhere, there = by_folds(examples, classes, given)
            alone = sum(right(WordWeights(classes, [0.0] * len(classes), {}), one) for one in examples[:given]) / given
            print(f"{name}: {FOLDS} folds {everywhere:.3f}; archetypes.jsonl {there:.3f}, by cues alone {alone:.3f}")
            continue
        model = Learner(classes).learn(examples)
        write(model, KNOWLEDGE / f"{name}_words.json")
        print(f"{name}: {len(model.weights)} words from {len(examples)} reports")


if __name__ == "__main__":
    main("--check" in sys.argv[1:])
