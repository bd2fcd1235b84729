"""What was said and no longer holds: corrected numbers, withdrawn statements, readings that moved on, refuted "
"claims."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.drafting.reading.cues import Cue, has
from app.drafting.reading.statements import Statement
from app.drafting.reading.tokens import Amount, content, word_set

_WINDOW = 60
_DURATIONS = word_set(
    """minut min hour h day week month year second sec ms d s time tim hr hrs utc am pm jan feb mar apr may jun "
    "jul aug sep oct nov dec"""
)
_OFF = re.compile(r"\b(?:is|are|stays?|now|bans?) (?:off|down|paused|disabled|read only)\b", re.IGNORECASE)
_ON_AGAIN = re.compile(r"\bback (?:on|up|online|at)\b|\bresumed\b|\bre-?enabled\b|\bfully back\b", re.IGNORECASE)
_DENIES_THAT = re.compile(
    r"^(?:no,? )?(?:(?:that'?s|thats|this is|it'?s|which is) )?(?:simply |just )?(?:not true|false|a lie|nonsense|"
    r"untrue|not what happened)\b",
    re.IGNORECASE,
)
_OF = re.compile(r"\d of (?:the |all )?[\d,]+")
_ENDS = re.compile(r"(?:the )?(?:last|remaining|rest|all)\b", re.IGNORECASE)
_WHOLE = re.compile(r"^.* ([\d,]+)$")
_TOTAL = re.compile(r"\b(?:total|altogether|overall)\b", re.IGNORECASE)
_BARE = word_set("now far already so")
_NOT = re.compile(r"\bnot (\d+(?:\.\d+)?)\b")
_TRIAL = re.compile(r"^(?:reproduction )?trial \d+\b", re.IGNORECASE)
_MOVED = re.compile(r"\b(?:back|down|up) to\b", re.IGNORECASE)


@dataclass(frozen=True)
class Replaced:
    """Statement `old` no longer holds (only its clauses `parts` if some remain good); `new` says what does."""

    old: Statement
    new: Statement
    parts: tuple[str, ...]
    reading: bool = False
    pairs: tuple[tuple[Amount, Amount], ...] = ()


@dataclass
class Corrections:
    """All that was replaced, by the id of the old entry."""

    by_old: dict[int, Replaced] = field(default_factory=dict)

    def of(self, statement: Statement) -> Replaced | None:
        return self.by_old.get(statement.id)

    def newest(self, statement: Statement) -> Statement:
        """The statement that holds now in place of `statement`, itself if nothing replaced it."""
        seen = {statement.id}
        while (found := self.by_old.get(statement.id)) is not None and found.new.id not in seen:
            statement = found.new
            seen.add(statement.id)
        return statement


def _same_thread(one: Statement, other: Statement) -> bool:
    root = one.entry.thread_of if one.entry.thread_of is not None else one.id
    return other.entry.thread_of == root or (other.entry.thread_of is None and other.id == root)


def _restated(old: Statement, new: Statement) -> list[tuple[Amount, Amount]]:
    """Pairs of amounts of one unit that differ."""
    pairs: list[tuple[Amount, Amount]] = []
    kept = {(amount.value, amount.unit) for amount in new.amounts}
    shared = old.named & new.named
    alike = len(shared) >= 2 or (bool(shared) and new.corrects)
    for before in old.amounts:
        if (
            before.unit in _DURATIONS
            or (not before.unit and not alike)
            or (before.unit == "of" and not new.corrects)
            or (before.value, before.unit) in kept
        ):
            continue
        after = next((a for a in new.amounts if a.unit == before.unit and a.value != before.value), None)
        if after is not None:
            pairs.append((before, after))
    return pairs


def _denied_amounts(old: Statement, new: Statement) -> list[tuple[Amount, Amount]]:
    """The amount of `old` that `new` calls wrong by its value ("27 not 37"), with the first amount of `new`."""
    denied = set(_NOT.findall(new.text.replace(",", "")))
    after = [amount for amount in new.amounts if amount.value not in denied]
    return [(before, after[0]) for before in old.amounts if after and before.value in denied and before.value != "0"][
        :1
    ]


def _sole_amounts(old: Statement, new: Statement) -> list[tuple[Amount, Amount]]:
    """The one amount of each, where a reply corrects without naming the unit again."""
    before = [amount for amount in old.amounts if amount.unit not in _DURATIONS]
    after = [amount for amount in new.amounts if amount.unit not in _DURATIONS and amount.start < len(new.says[0])]
    if len(before) == len(after) == 1 and before[0].value != after[0].value and new.corrects and _same_thread(old, new):
        return [(before[0], after[0])]
    return []


def _number_replaced(old: Statement, new: Statement) -> Replaced | None:
    if old.speaking_system or not old.amounts or not (old.counted & new.counted or new.corrects):
        return None
    pairs = _denied_amounts(old, new) or _restated(old, new) or _sole_amounts(old, new)
    if not pairs:
        return None
    shared = old.named & new.named
    smaller = max(1, min(len(old.named), len(new.named)))
    together = _same_thread(old, new) or old.entry.author == new.entry.author
    strong = (new.corrects or bool(_denied_amounts(old, new))) and (together or len(shared) >= 1)
    alike = len(shared) >= 2 and (
        len(shared) / smaller >= 0.6 or len(pairs) >= 2 or _TOTAL.search(new.text) is not None
    )
    alike = alike or bool(
        shared and old.named <= old.counted | _BARE and "" not in {before.unit for before, _ in pairs}
    )
    if not (strong or alike or (together and _same_thread(old, new) and shared)):
        return None
    values = {before.value for before, _ in pairs}
    parts = tuple(part for part in old.says if any(value in part.replace(",", "") for value in values))
    return Replaced(old, new, parts or old.says, reading=not strong, pairs=tuple(pairs))


def _goes_on(old: Statement, new: Statement) -> bool:
    """True when both count towards one whole ("21 of the 27 reached", "26 of 27 reached"), or `new` ends the count."""
    wholes = {_WHOLE.sub(r"\1", found) for found in _OF.findall(old.text)}
    if not wholes or not old.named & new.named or Cue.DIAGNOSTIC in old.cues | new.cues:
        return False
    again = wholes & {_WHOLE.sub(r"\1", found) for found in _OF.findall(new.text)}
    return bool(again) or (_ENDS.match(new.text) is not None and old.entry.author == new.entry.author)


def _back_on(old: Statement, new: Statement) -> bool:
    """True when `old` says that something is off and `new` that it is back."""
    about = old.named & new.named - _BARE
    return bool(about) and bool(_OFF.search(old.text)) and bool(_ON_AGAIN.search(new.text))


def _outdated(old: Statement, new: Statement) -> Replaced | None:
    """`old` told of something under way that `new` tells is done."""
    if _back_on(old, new):
        return Replaced(old, new, old.says, reading=True)
    if _goes_on(old, new):
        return Replaced(old, new, old.says, reading=True)
    if Cue.PROGRESS not in old.cues or Cue.PROGRESS in new.cues or not new.cues & {Cue.ACTION, Cue.RESOLUTION}:
        return None
    shared = (old.named & new.named) | {token for token in old.tokens & new.tokens if token.count(".") >= 2}
    mine = old.entry.author == new.entry.author
    counted = bool({amount.unit for amount in old.amounts} & {amount.unit for amount in new.amounts} - {""})
    over = shared and re.search(r"\b(?:complete|done|finished|through|fully|rolled out)\b", new.text, re.IGNORECASE)
    if len(shared) >= 2 or (mine and shared and counted) or over:
        return Replaced(old, new, old.says, reading=True)
    return None


def _answers(old: Statement, new: Statement) -> bool:
    return new.entry.thread_of is not None and new.entry.thread_of == old.id


def _withdrawn(old: Statement, new: Statement, nearest: bool) -> Replaced | None:
    """`new` takes back `old`: it says so, and is tied to it by thread, by author, by its place or by words."""
    if not new.corrects or not old.says or old.ack:
        return None
    shared = old.named & new.named
    threaded = _same_thread(old, new)
    mine = old.entry.author == new.entry.author
    if _DENIES_THAT.match(new.says[0]):
        return Replaced(old, new, old.says) if new.position - old.position == 1 or _answers(old, new) else None
    if old.speaking_system and (threaded or len(shared) >= 2) and has(Cue.CORRECTION, new.text):
        return Replaced(old, new, old.says)
    if not ((threaded and (shared or mine)) or (mine and shared and nearest) or (nearest and len(shared) >= 2)):
        return None
    parts = tuple(part for part in old.says if content(part) & shared or len(content(part)) <= 1)
    return Replaced(old, new, parts or old.says)


def _holds_against(old: Statement, new: Statement) -> bool:
    skipped = {Cue.QUESTION, Cue.HOSTILE}
    if Cue.HOSTILE in new.cues or new.speaking_system or not new.says:
        return False
    return bool(old.says) or not old.cues & skipped


def _may_replace(new: Statement) -> bool:
    telling = {Cue.CORRECTION, Cue.ACTION, Cue.RESOLUTION}
    return bool(new.amounts or new.cues & telling) or new.corrects or _ENDS.match(new.text) is not None


def find(statements: Sequence[Statement]) -> Corrections:
    """The corrections in `statements`; where several replace one, the last stands.

    A later count of the same does not take the place of a correction: that one leads on to what holds now.
    """
    found = Corrections()
    for index, new in enumerate(statements):
        if not _may_replace(new):
            continue
        before = [old for old in reversed(statements[max(0, index - _WINDOW) : index]) if _holds_against(old, new)]
        for replaced in _replaced_by(new, before):
            if not _resists(replaced.old, new) and not _put_right(found.of(replaced.old), replaced):
                found.by_old[replaced.old.id] = replaced
    return found


def _put_right(known: Replaced | None, later: Replaced) -> bool:
    """True when the number was corrected already, and `later` only counts the same things again."""
    return known is not None and bool(known.pairs) and not known.reading and later.reading


def _best_counts(new: Statement, found: Sequence[Replaced]) -> list[Replaced]:
    """All restatements of the same matter; of those tied to `new` by its word "correction" alone, the closest."""
    if new.corrects and any(_same_thread(one.old, new) for one in found):
        found = [one for one in found if _same_thread(one.old, new)]
    if denied := frozenset(_NOT.findall(new.text.replace(",", ""))):
        found = [one for one in found if denied & {amount.value for amount in one.old.amounts}]
    enough = 1 if _MOVED.search(new.text) else 2
    alike = [one for one in found if len(one.old.named & new.named) >= enough]
    if alike:
        return alike
    closest = max(
        found,
        key=lambda one: (_same_thread(one.old, new), one.old.entry.author == new.entry.author, one.old.position),
        default=None,
    )
    return [closest] if closest is not None else []


def _replaced_by(new: Statement, before: Sequence[Statement]) -> list[Replaced]:
    """What `new` replaces among `before` (latest first): counts wherever they stand, else one statement taken back."""
    found = _best_counts(new, [one for old in before if (one := _number_replaced(old, new)) is not None])
    counted = {one.old.id for one in found}
    found += [one for old in before if old.id not in counted and (one := _outdated(old, new)) is not None]
    if any(one.pairs for one in found) or (Cue.PREVENTION in new.cues and Cue.CORRECTION not in new.cues):
        return found
    known = {one.old.id for one in found}
    own_last = next((old.id for old in before if old.entry.author == new.entry.author), None)
    taken_back = [
        one
        for old in before
        if old.id not in known
        and (one := _withdrawn(old, new, new.position - old.position <= 3 or old.id == own_last)) is not None
    ]
    taken_back.sort(key=lambda one: (not _same_thread(one.old, new), -one.old.position))
    return [*found, *(one for one in taken_back if one.old.speaking_system), *taken_back[:1]]


def _resists(old: Statement, new: Statement) -> bool:
    """Plans, decisions and reviews do not restate a count, nor one trial another; no agreement undoes a decision."""
    if _TRIAL.match(old.text) and _TRIAL.match(new.text):
        return True
    if (new.amounts and new.corrects) or Cue.PROGRESS in old.cues or _back_on(old, new) or _goes_on(old, new):
        return False
    return Cue.REVIEW in new.cues or (Cue.DECISION in old.cues and Cue.CORRECTION not in new.cues)
