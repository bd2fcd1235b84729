"""Statements turned into the lines a draft is chosen from: told once, current, attributed where they are claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.status_update import Section
from app.drafting import phrasing
from app.drafting.answers import Asked, is_request
from app.drafting.budget import Line
from app.drafting.clauses import core, units
from app.drafting.corrections import Replaced
from app.drafting.cues import Cue, is_ack
from app.drafting.flow import continues, is_address, told_parts
from app.drafting.guesses import Guess, Standing, specific
from app.drafting.hostile import harmless_excerpt, order_like
from app.drafting.sections import section_of
from app.drafting.situation import Situation
from app.drafting.statements import Statement
from app.drafting.tokens import content, overlap
from app.drafting.unknowns import admitted
from app.drafting.weights import MENTION

_SHORT_SHARE = 0.55
_JUDGEMENT = frozenset({"claim", "false", "fals", "wrong", "lie", "lied", "true", "untru"})


def _line(section: Section, wordings: tuple[str, str], citations: Iterable[int], weight: float, order: float) -> Line:
    full, short = wordings
    return Line(section, full, short, tuple(dict.fromkeys(citations)), weight, order)


def _both(parts: Sequence[str], lead: str = "") -> tuple[str, str]:
    """The full wording of `parts` and their core."""
    pieces = [piece for part in parts for piece in units(part)]
    kept = core(parts, _SHORT_SHARE)
    finer = core(pieces, _SHORT_SHARE)
    short = kept if sum(map(len, kept)) <= sum(map(len, finer)) + 25 else finer
    return phrasing.sentence(parts, lead), phrasing.sentence(short, lead)


def told_lines(situation: Situation) -> list[Line]:
    """The lines of what happened, what is tested and what is done, oldest first, doubles left out."""
    still_open = {one.id for one in admitted(situation)}
    used: set[int] = still_open | {one.id for one in situation.statements if _passed(one)}
    used |= {
        reply.id for one in situation.asked if not one.settled for reply in one.replies if Cue.UNKNOWN in reply.cues
    }
    lines = [
        *_guess_lines(situation, used),
        *_answer_lines(situation, used),
        *_refuted_lines(situation, used),
        *_correction_lines(situation, used),
        *_hostile_lines(situation),
        *_statement_lines(situation, used),
    ]
    return _without_doubles(sorted(lines, key=lambda line: line.order))


def _passed(one: Statement) -> bool:
    """True for a "not yet" or a half-said aside, which is worth telling only while it is open."""
    waiting = Cue.UNKNOWN in one.cues and Cue.PROGRESS in one.cues
    aside = bool(one.asks) and len(content(" ".join(one.says))) <= 2
    return (waiting or aside) and not one.marked


def _guess_lines(situation: Situation, used: set[int]) -> list[Line]:
    lines = []
    for guess in situation.guesses:
        one = guess.statement
        if situation.corrections.of(one) is not None and guess.standing is Standing.OPEN:
            continue
        if guess.standing is Standing.OPEN:
            used.add(one.id)
            lines.append(_suspected(situation, guess, "Suspected, not confirmed:", 0.6))
        elif guess.standing is Standing.CONFIRMED:
            lines.append(_suspected(situation, guess, "Suspected early on:", -0.6))
        elif guess.by is not None and guess.by.id not in used and (line := _ruled_out(situation, guess, guess.by)):
            used.add(guess.by.id)
            lines.append(line)
        lines.extend(_facts_before(situation, guess, used))
        used.add(one.id)
    return lines


def _suspected(situation: Situation, guess: Guess, lead: str, extra: float) -> Line:
    one = guess.statement
    said = phrasing.without_hedge(phrasing.guarded(guess.clause))
    rest = [part for part in one.says if part != guess.clause]
    full = phrasing.sentence([said, *rest] if extra > 0 else [said], lead)
    short = phrasing.sentence([phrasing.clipped(said, 18)], lead)
    weight = max(situation.weight(one), MENTION) + extra
    return _line(Section.TESTING, (full, short), [one.id], weight, one.position)


def _ruled_out(situation: Situation, guess: Guess, by: Statement) -> Line | None:
    """ "Ruled out: …" with the reason, unless the statement that rules it out names what it rules out itself."""
    wanted = specific(guess.clause)
    if len(wanted & by.tokens) * 3 >= len(wanted) and len(by.tokens) >= 4:
        return None
    guessed = phrasing.clipped(phrasing.without_hedge(phrasing.guarded(guess.clause)), 12)
    reason = phrasing.sentence(phrasing.answer_text(by.says))
    text = f"Ruled out: {guessed} ({reason[0].lower()}{reason[1:].rstrip('.')})."
    weight = max(situation.weight(by), MENTION) + 0.8
    return _line(Section.TESTING, (text, text), [guess.id, by.id], weight, by.position)


def _facts_before(situation: Situation, guess: Guess, used: set[int]) -> list[Line]:
    """What was stated as a fact before the guess in one message."""
    one = guess.statement
    if guess.clause in one.asks:
        facts = (
            list(one.says) if one.says and one.text and one.entry.text.find(one.says[0][:12]) < _place(guess) else []
        )
    else:
        facts = list(one.says[: one.says.index(guess.clause)]) if guess.clause in one.says else []
    if not facts or one.id in used or len(content(" ".join(facts))) < 4:
        return []
    return [_line(section_of(situation, one), _both(facts), [one.id], situation.weight(one), one.position)]


def _place(guess: Guess) -> int:
    return guess.statement.entry.text.find(guess.clause[:12])


def _answer_lines(situation: Situation, used: set[int]) -> list[Line]:
    """Short answers told together with their question."""
    lines = []
    for one in situation.asked:
        reply = next((reply for reply in one.replies if not _dodged(reply)), None)
        if not one.settled or reply is None or reply.id in used or not _needs_question(reply) or is_request(one.clause):
            continue
        if len(content(one.clause)) < 2 and len(reply.tokens) < 2:
            continue
        line = _answer_line(situation, one, reply)
        used.add(reply.id)
        if line.weight >= MENTION:
            lines.append(line)
    return lines


def _dodged(reply: Statement) -> bool:
    return reply.speaking_system or Cue.UNKNOWN in reply.cues or not reply.says


def _needs_question(reply: Statement) -> bool:
    opener = reply.says[0].split(" ")[0].strip(",.:;").lower()
    return len(reply.tokens) < 4 or (opener in {"no", "nope", "yes", "both", "all", "only"} and len(reply.tokens) < 6)


def _answer_line(situation: Situation, one: Asked, reply: Statement) -> Line:
    asked = phrasing.question(phrasing.guarded(one.clause))
    answer = "; ".join(phrasing.tidy(phrasing.guarded(part)) for part in reply.says)
    text = f"Asked \u201c{asked}\u201d: {answer}."
    section = section_of(situation, reply)
    weight = max(situation.weight(reply), situation.weight(one.statement) - 0.4)
    if len(content(asked)) >= 2:
        weight = max(weight, MENTION + 0.1)
    return _line(section, (text, text), [one.id, reply.id], weight, reply.position)


def _correction_lines(situation: Situation, used: set[int]) -> list[Line]:
    """The old sentence with the new number, where the correction alone says too little; older readings as such."""
    lines = []
    for replaced in situation.corrections.by_old.values():
        old, new = replaced.old, replaced.new
        if situation.corrections.of(new) is not None or old.id in used or old.speaking_system:
            continue
        kept = [part for part in old.says if part not in replaced.parts]
        if len(content(" ".join(kept))) >= 3:
            weight = situation.weight(old) - 0.4
            lines.append(_line(section_of(situation, old), _both(kept), [old.id], weight, old.position))
        if replaced.reading:
            lines.append(_reading(situation, replaced))
        elif new.id not in used and (text := _with_new_numbers(replaced)):
            used.add(new.id)
            weight = max(situation.weight(new), situation.weight(old)) + 0.5
            lines.append(_line(section_of(situation, old), (text, text), [new.id, old.id], weight, new.position))
        used.add(old.id)
    return [line for line in lines if line.weight >= MENTION]


def _reading(situation: Situation, replaced: Replaced) -> Line:
    old = replaced.old
    wordings = _both(replaced.parts, "Earlier:")
    weight = situation.weight(old) - (0.3 if Cue.DETECTION in old.cues else 1.2)
    return _line(section_of(situation, old), wordings, [old.id, replaced.new.id], weight, old.position)


def _with_new_numbers(replaced: Replaced) -> str:
    """The first replaced clause with its numbers put right; empty where the correction stands well alone."""
    old, new = replaced.old, replaced.new
    bare = frozenset(token for token in new.tokens if not token[0].isdigit())
    if len(bare) >= 5 or not replaced.parts:
        return ""
    part = replaced.parts[0]
    changed = part
    for before, after in replaced.pairs:
        shown = _shown(old, before.value)
        if shown in changed:
            changed = changed.replace(shown, _shown(new, after.value), 1)
    return phrasing.sentence([f"{changed} (corrected)"]) if changed != part else ""


def _shown(statement: Statement, value: str) -> str:
    """`value` as `statement` writes it, with its separators."""
    text = statement.text
    found = next((a for a in statement.amounts if a.value == value), None)
    written = (
        ""
        if found is None
        else next((w for w in text.replace("(", " ").split() if w.strip("$€£%,.;:)").replace(",", "") == value), "")
    )
    return written.strip("$€£%;:).") or value


def _hostile_lines(situation: Situation) -> list[Line]:
    """Pasted attacks, as evidence: that they were pasted and, in part, what they say."""
    lines = []
    for one in situation.statements:
        quoted = [block for block in one.quoted if order_like(block)]
        if Cue.HOSTILE not in one.cues and not quoted:
            continue
        excerpt = harmless_excerpt(" ".join(one.quoted)) if quoted and not one.says else ""
        who = "A hostile prompt was pasted as evidence and not followed"
        text = f"{who}; quoted in part: \u201c{excerpt}\u201d." if excerpt else f"{who}; its words are in the record."
        lines.append(_line(Section.WHAT_HAPPENED, (text, text), [one.id], 2.6, one.position))
    return lines


def _refuted_lines(situation: Situation, used: set[int]) -> list[Line]:
    """A system's claim together with what proved it false."""
    lines = []
    for replaced in situation.corrections.by_old.values():
        old, new = replaced.old, replaced.new
        if not old.speaking_system or new.id in used or new.speaking_system:
            continue
        claimed = phrasing.claim(
            old.entry.author_name, [phrasing.clipped(part, 14) for part in core(old.says, 0.4)]
        ).rstrip(".")
        truth, sources = _truth(situation, old, new)
        wordings = (
            phrasing.sentence(truth, f"{claimed}; this was not true:"),
            phrasing.sentence(core(truth, _SHORT_SHARE), f"{claimed}; this was not true:"),
        )
        used |= {old.id, *sources}
        weight = max(situation.weight(old), situation.weight(new)) + 0.8
        lines.append(_line(Section.WHAT_HAPPENED, wordings, [old.id, *sources], weight, new.position))
    return lines


def _truth(situation: Situation, old: Statement, new: Statement) -> tuple[list[str], list[int]]:
    """What is true instead, and who says so: `new`, or what was said just before it where `new` only calls the "
    "claim false."""
    truth = [part for part in new.says if not is_address(part)] or list(new.says)
    if len(content(" ".join(truth)) - _JUDGEMENT) >= 2:
        return truth, [new.id]
    root = new.entry.thread_of
    before = [
        one for one in situation.statements if old.position < one.position < new.position and one.says and not one.ack
    ]
    mates = [one for one in before if root is not None and one.entry.thread_of == root and Cue.RESOLUTION in one.cues]
    if not mates:
        return truth, [new.id]
    return list(mates[-1].says), [mates[-1].id, new.id]


def _statement_lines(situation: Situation, used: set[int]) -> list[Line]:
    lines: list[Line] = []
    previous: list[Statement] = []
    for one in situation.statements:
        if one.id in used or not one.says or Cue.HOSTILE in one.cues or situation.corrections.of(one) is not None:
            continue
        if previous and continues(previous[-1], one) and lines:
            previous.append(one)
            lines[-1] = _statement_line(situation, previous)
        elif situation.matters(one) and (len(one.tokens) > 2 or not is_ack(one.text.split()[0])):
            previous = [one]
            lines.append(_statement_line(situation, previous))
    return lines


def _statement_line(situation: Situation, run: Sequence[Statement]) -> Line:
    """One line of statements that their author made in one breath."""
    one = run[0]
    section = section_of(situation, one)
    cited = [each.id for each in run]
    weight = max(situation.weight(each) for each in run) + 0.3 * (len(run) - 1)
    said = [part for each in run for part in each.says]
    if one.speaking_system:
        name = one.entry.author_name
        wordings = phrasing.claim(name, said), phrasing.claim(name, core(said, _SHORT_SHARE))
        return _line(section, wordings, cited, weight, one.position)
    parts = [part for part in told_parts(one) if part] + [part for each in run[1:] for part in each.says]
    if section is Section.UNKNOWNS:
        section = Section.WHAT_HAPPENED
    return _line(section, _both(parts), cited, weight, one.position)


def _without_doubles(lines: Sequence[Line]) -> list[Line]:
    """`lines` without those that a weightier one already says."""
    kept: list[Line] = []
    for line in lines:
        ours = content(line.full)
        twin = next(
            (i for i, one in enumerate(kept[-40:], max(0, len(kept) - 40)) if overlap(ours, content(one.full)) >= 0.8),
            None,
        )
        if twin is None:
            kept.append(line)
        elif line.weight > kept[twin].weight or len(ours) > len(content(kept[twin].full)):
            kept[twin] = _line(
                line.section, (line.full, line.short), (*kept[twin].citations, *line.citations), line.weight, line.order
            )
    return kept
