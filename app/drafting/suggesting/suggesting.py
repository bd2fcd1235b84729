"""What a report suggests, by rules and weighted words alone: no model is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path

from app.domain.incident import Archetype, SystemType
from app.domain.incident_words import stem
from app.domain.suggestion import Guess, Reason, Suggestion
from app.drafting.suggesting.cue_matching import Found, found_in
from app.drafting.suggesting.severity import Severities
from app.drafting.suggesting.word_weights import WordWeights, features, parse_weights, shares
from app.knowledge.cues import Cue, load_cues

# What a cue's weight is worth beside that of words; chosen on reports that neither was made from.
CUE_WORTH = 0.7
# Below this share, and with no cue to name, nobody should be told an archetype; a few words need more to be sure.
UNSURE_BELOW = 0.25
UNSURE_BELOW_IN_FEW_WORDS = 0.38
FEW_WORDS = 10
SUGGESTED = tuple(one for one in Archetype if one is not Archetype.UNSURE)
MOST_REASONS = 4
MOST_WORDS = 3
TEXT_MAX = 6_000


@dataclass(frozen=True)
class Suggester:
    """Suggests from cues and from the weights of words."""

    archetype_cues: Sequence[Cue]
    archetype_words: WordWeights
    system_cues: Sequence[Cue]
    system_words: WordWeights
    severities: Severities

    def suggest(self, report: str) -> Suggestion:
        """What the report suggests; for an empty one nothing is sure, and so the severity is not low."""
        text = report[:TEXT_MAX]
        guesses = self._archetypes(text)
        severity, reasons = self.severities.of(text, guesses[0].name)
        return Suggestion(guesses, self._system_type(text, guesses[0].name), severity, reasons)

    def _archetypes(self, text: str) -> list[Guess]:
        found = found_in(text, self.archetype_cues)
        share = shares(combined(found, self.archetype_words, text))
        guesses = [
            Guess(Archetype(name), round(value, 3), _reasons(found, name))
            for name, value in sorted(share.items(), key=lambda item: -item[1])
        ]
        if not guesses[0].reasons:
            guesses[0] = replace(guesses[0], reasons=_telling_words(text, guesses[0].name, self.archetype_words))
        speaking = any(one.cue.group == guesses[0].name for one in found)
        few = sum(1 for one in features(text) if " " not in one) < FEW_WORDS
        if guesses[0].score < (UNSURE_BELOW_IN_FEW_WORDS if few else UNSURE_BELOW) and not speaking:
            said = Reason("too little in the report tells one kind of failure from another")
            guesses.insert(0, Guess(Archetype.UNSURE, round(1 - guesses[0].score, 3), (said,)))
        return guesses

    def _system_type(self, text: str, archetype: Archetype) -> SystemType | None:
        found = found_in(text, self.system_cues)
        words = self.system_words.scores(text) if features(text) else {}
        if not found and archetype is Archetype.UNSURE:
            return None
        scores = combined(found, self.system_words, text) if words else {}
        return SystemType(max(scores, key=lambda name: scores[name])) if scores else None


def combined(found: Sequence[Found], words: WordWeights, text: str) -> Mapping[str, float]:
    """What cues and words together speak for, by class."""
    scores = defaultdict(float, words.scores(text))
    for one in found:
        scores[one.cue.group] += CUE_WORTH * one.cue.weight
    return scores


def _reasons(found: Sequence[Found], name: str) -> tuple[Reason, ...]:
    return tuple(one.reason for one in found if one.cue.group == name)[:MOST_REASONS]


def _telling_words(text: str, name: str, words: WordWeights) -> tuple[Reason, ...]:
    place = words.classes.index(name)
    known = {one: words.weights[one][place] for one in features(text) if one in words.weights and " " not in one}
    telling = sorted((one for one in known if known[one] > 0), key=lambda one: -known[one])[:MOST_WORDS]
    written = dict.fromkeys(word.strip(",.;:!?()'\"") for word in text.lower().split())
    said = [one for one in written if stem(one) in telling]
    return (Reason("its words are those of such reports", tuple(said[:MOST_WORDS])),) if said else ()


@cache
def suggester(folder: Path | None = None) -> Suggester:
    """The suggester of the knowledge that comes with the product, and of the operator's folder. Raises BadSetup."""
    return Suggester(
        load_cues("archetype_cues.yml", SUGGESTED),
        _weights("archetype_words.json"),
        load_cues("system_type_cues.yml", tuple(SystemType)),
        _weights("system_type_words.json"),
        Severities.of_the_product(folder),
    )


def _weights(name: str) -> WordWeights:
    return parse_weights(files("app.knowledge").joinpath(name).read_text(encoding="utf-8"))
