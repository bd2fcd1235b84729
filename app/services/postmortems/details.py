"""What belongs beside a postmortem's six parts: evidence about the model, what was tried and done, times, people.

Worked out of the exported record alone, so that whatever the record comes to hold is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.domain.postmortem import Part
from app.domain.roles import ROLE_NAMES, Role
from app.drafting.reading.ai_evidence import Topic, fenced_samples, is_about, outside_fences
from app.drafting.reading.hostile import gives_orders
from app.drafting.telling.chronology import span
from app.services.records.response_times import Milestone, detection_seconds, milestones, promises_kept

Json = Mapping[str, Any]
Line = dict[str, Any]
PEOPLE = "Who responded"
LINES_MAX = 12
TEXT_MAX = 400
SAMPLE_MAX = 1500
_TRIED_MAX = 3
# Told apart in this order: a sentence is one of them.
_CAUSES = {
    "Trigger": Topic.TRIGGER,
    "Contributing factors": Topic.CONTRIBUTING,
    "Root cause, as confirmed": Topic.ROOT,
}
_GUESSED = frozenset({"hypothesis", "ruled_out", "unknown"})


def details(record: Json) -> dict[str, list[dict[str, Any]]]:
    """By part the blocks `{title, fenced, lines: [{text, citations}]}`; only those about which something is known.

    `fenced` blocks hold words of the system under incident or of attackers: to be shown verbatim, never acted on.
    """
    found: dict[str, list[dict[str, Any]]] = {part.value: [] for part in Part}
    for part, title, lines in _blocks(record):
        if lines:
            fenced = title == "Inputs and outputs"
            found[part].append({"title": title, "fenced": fenced, "lines": lines[:LINES_MAX]})
    return found


def beside(sentences: Sequence[Json], blocks: Sequence[Json]) -> list[Json]:
    """The sentences of a part that none of its blocks says already, for whoever shows both."""
    said = {(line["text"], tuple(line["citations"])) for block in blocks for line in block["lines"]}
    return [one for one in sentences if (one["text"], tuple(one["citations"])) not in said]


def _blocks(record: Json) -> Iterable[tuple[Part, str, list[Line]]]:
    yield Part.TIMELINE, "Milestones", _milestones(record)
    for title, topic in _CAUSES.items():
        yield Part.ROOT_CAUSE, title, _sentences(record, topic)
    yield Part.ROOT_CAUSE, "Model and prompt versions", [*_versions(record), *_entries(record, Topic.VERSIONS)]
    yield Part.ROOT_CAUSE, "Sampling settings", _entries(record, Topic.SAMPLING)
    yield Part.ROOT_CAUSE, "Inputs and outputs", [*_samples(record), *_tried(record)]
    yield Part.ROOT_CAUSE, "Guardrail decisions", _entries(record, Topic.GUARDRAILS)
    yield Part.ROOT_CAUSE, "Tool calls", _entries(record, Topic.TOOLS)
    yield Part.ROOT_CAUSE, "Reproduction trials", _trials(record)
    yield Part.DETECTION_REVIEW, "Detection delay", _detection(record)
    yield Part.RESPONSE_REVIEW, PEOPLE, _responders(record)
    yield Part.RESPONSE_REVIEW, "Containment and rollback", [*_containments(record), *_entries(record, Topic.ROLLBACK)]
    yield Part.RESPONSE_REVIEW, "Promised updates", _promised(record)
    yield Part.RESPONSE_REVIEW, "Notification clocks", _clocks(record)
    yield Part.RESPONSE_REVIEW, "Where luck helped", _entries(record, Topic.LUCK)


def _milestones(record: Json) -> list[Line]:
    declared = datetime.fromisoformat(record["declared_at"])
    return [_line(f"{_moment(one.at)}: {one.name}{_after(one, declared)}", one.entry) for one in milestones(record)]


def _after(one: Milestone, declared: datetime) -> str:
    if one.name == "Declared":
        return ""
    away = one.at - declared
    return f", {span(abs(away))} {'after' if away >= timedelta() else 'before'} the declaration"


def _detection(record: Json) -> list[Line]:
    reached = {one.name: one for one in milestones(record)}
    seconds = detection_seconds(record)
    if seconds is None:
        return []
    sign, declared = reached["First sign"], reached["Declared"]
    delay = span(timedelta(seconds=seconds))
    lines = [_line(f"From the first sign ({_moment(sign.at)}) to the declaration: {delay}.", sign.entry)]
    if (first := reached.get("First entry")) is not None and first.at <= declared.at:
        lines.append(
            _line(
                f"From the first entry of the record to the declaration: {span(declared.at - first.at)}.", first.entry
            )
        )
    return lines


def _promised(record: Json) -> list[Line]:
    kept = promises_kept(record)
    if not kept.promised:
        return []
    return [_line(f"{kept.kept} of {kept.promised} promised updates came on time.")]


def _responders(record: Json) -> list[Line]:
    """Roles in the order they were taken, with how long they were held."""
    said: dict[str, int] = {}
    for entry in record["timeline"]:
        said[entry["author"]] = said.get(entry["author"], 0) + 1
    lines = []
    for holding in record["roles"]:
        until = f" to {_moment(datetime.fromisoformat(holding['to']))}" if holding["to"] else ""
        name = ROLE_NAMES[Role(holding["role"])]
        since = _moment(datetime.fromisoformat(holding["from"]))
        lines.append(
            _line(f"{name}: <@{holding['user']}>, from {since}{until}; {said.get(holding['user'], 0)} entries")
        )
    return lines


def _versions(record: Json) -> list[Line]:
    """What the register said of the system when it was contained."""
    named = ("model", "model_version", "prompt_version", "guardrail_version")
    seen: list[str] = []
    for one in record["containments"]:
        terms = one.get("terms") or {}
        facts = [f"{name.replace('_', ' ')} {terms[name]}" for name in named if terms.get(name)]
        if facts and (text := f"By the register: {', '.join(facts)}.") not in seen:
            seen.append(text)
    return [_line(text) for text in seen]


def _trials(record: Json) -> list[Line]:
    """Each trial with its setting and interval, and the verdict of its series once."""
    lines, verdicts = [], []
    for one in record["trials"]:
        if not one.get("tries"):
            if one.get("reason"):
                lines.append(_line(f"Called verified without a trial: {_clipped(str(one['reason']))}"))
            continue
        phase = {"before": "before the fix", "after": "after the fix"}.get(str(one.get("phase")), "")
        low, high = (round(share * 100) for share in one.get("interval") or (0, 1))
        likely = f" ({low}–{high} % likely)" if one.get("interval") else ""
        setting = f" [{_clipped(str(one['setting']))}]" if one.get("setting") else ""
        outcome = f"{one.get('failures', 0)} of {one['tries']} tries failed {phase}".rstrip() + likely + setting
        prompt = _clipped(str(one.get("prompt") or ""))
        lines.append(_line(f"{outcome}: {prompt}" if prompt else outcome))
        if one.get("verdict") and one["verdict"] not in verdicts:
            verdicts.append(one["verdict"])
    return [*lines, *(_line(_clipped(str(one))) for one in verdicts)]


def _tried(record: Json) -> list[Line]:
    """What the system answered when it failed in a trial, with the prompt."""
    return [
        _line(_clipped(f"Prompt: {one.get('prompt')}\nAnswer: {answer['answer']}", SAMPLE_MAX, one_line=False))
        for one in record["trials"]
        for answer in one.get("answers") or ()
        if answer.get("outcome") in ("failed", "failure") and answer.get("answer")
    ][:_TRIED_MAX]


def _containments(record: Json) -> list[Line]:
    lines = []
    for one in record["containments"]:
        name = (one.get("terms") or {}).get("name") or one.get("switch") or "A switch"
        state = str(one.get("state") or "").replace("_", " ")
        at = one.get("verified_at") or one.get("asked_at") or one.get("at")
        when = f" on {_moment(datetime.fromisoformat(at))}" if at else ""
        reason = f" ({_clipped(str(one['reason']))})" if one.get("reason") else ""
        lines.append(_line(f"{name}: {state}{when}{reason}"))
    return lines


def _clocks(record: Json) -> list[Line]:
    """Each duty to notify that applies, with what was sent when."""
    lines = []
    for one in record["clocks"]:
        if one.get("decision") != "applies":
            continue
        for phase in one.get("phases") or []:
            due, sent = phase.get("due_at"), phase.get("sent_at")
            state = f"sent {_moment(datetime.fromisoformat(sent))}" if sent else str(phase.get("state") or "open")
            by = f", due {_moment(datetime.fromisoformat(due))}" if due else ""
            lines.append(_line(f"{_titled(one, phase)}: {state}{by}"))
    return lines


def _titled(clock: Json, phase: Json) -> str:
    """The phase with its regime, whose name the title may have already."""
    name, title = str(clock.get("name") or ""), str(phase.get("title") or "")
    return title if title.startswith(name) else f"{name}, {title}"


def _samples(record: Json) -> list[Line]:
    return [
        {"text": _clipped(piece, SAMPLE_MAX, one_line=False), "citations": [entry["id"]]}
        for entry in _telling(record)
        if is_about(Topic.SAMPLES, entry["text"])
        for piece in fenced_samples(entry["text"])
    ]


def _entries(record: Json, topic: Topic) -> list[Line]:
    """Entries with evidence of that kind; those that were marked come first, the order is that of time."""
    told = {one["id"]: _words_of(one["text"]) for one in _telling(record)}
    found = [one for one in _telling(record) if is_about(topic, told[one["id"]])]
    marked = [one for one in found if one["mark"] != "note"]
    kept = {one["id"] for one in [*marked, *found][:LINES_MAX]}
    return [_line(_clipped(told[one["id"]]), one["id"]) for one in found if one["id"] in kept]


def _words_of(text: str) -> str:
    """What somebody said; where it quotes orders to a model, without what is quoted: that is shown fenced."""
    return outside_fences(text) if gives_orders(text) else text


def _telling(record: Json) -> Sequence[Json]:
    """Entries that were said in the channel and stand: neither deleted, nor guesses, nor acts through the bot."""
    return [
        one
        for one in record["timeline"]
        if not one["deleted_at"]
        and one["mark"] not in _GUESSED
        and (one["source"]["ts"] is not None or one["mark"] != "note")
        and not one["text"].startswith(("Changed the status", "Declared this incident"))
    ]


def _sentences(record: Json, topic: Topic) -> list[Line]:
    """Sentences of the root cause that are of that kind."""
    postmortem = record.get("postmortem") or {"sections": {}}
    return [
        {"text": one["text"], "citations": list(one["citations"])} | ({"by_hand": True} if one.get("by_hand") else {})
        for one in postmortem["sections"].get(Part.ROOT_CAUSE, [])
        if _kind_of_cause(one["text"]) is topic
    ]


def _kind_of_cause(text: str) -> Topic | None:
    if text.startswith(("Suspected", "Not known", "Ruled out")):
        return None
    return next((topic for topic in _CAUSES.values() if is_about(topic, text)), None)


def _line(text: str, *entries: int | None) -> Line:
    return {"text": text, "citations": [one for one in entries if one is not None]}


def _clipped(text: str, limit: int = TEXT_MAX, *, one_line: bool = True) -> str:
    shown = " ".join(text.split()) if one_line else text
    return shown if len(shown) <= limit else f"{shown[: limit - 1].rstrip()}…"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
