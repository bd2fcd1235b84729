"""A record, its postmortem and its drafts as Markdown; whatever people wrote in them is shown and does nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.domain.postmortem import PART_TITLES, Part
from app.domain.roles import ROLE_NAMES, Role
from app.domain.status_update import SECTION_TITLES, Section
from app.services.clocks.export import clocks_markdown
from app.services.follow_ups.record import follow_up_lines
from app.services.playbooks.record import playbook_lines
from app.services.postmortems.details import beside
from app.services.postmortems.review_markdown import review_markdown
from app.services.records.inert_markdown import inert, link, spoken
from app.services.timeline.cascade import cascade_markdown
from app.services.triage.record import triage_markdown
from app.services.trials.export import trials_markdown

Json = Mapping[str, Any]
Names = Mapping[str, str]
NOTHING = "Nothing is recorded here."
NO_UNKNOWNS = "Nothing is listed as unknown."


def record_markdown(record: Json, names: Names) -> str:
    """The whole record, in the shape of app.services.records.record; `names`: display names by user ID."""
    postmortem = record["postmortem"]
    return _document(
        [
            f"# {record['key']}: {inert(record['title'])}",
            *_facts(record, names),
            *_summary(record),
            *_part("Timeline", _timeline(record["timeline"], names)),
            *triage_markdown(record),
            *_part("Unknowns", [_unknown(one, record) for one in record["unknowns"]]),
            *_updates(record, names),
            *(
                _postmortem_parts(record, names, level="###", title=f"## Postmortem, version {postmortem['version']}")
                if postmortem
                else ()
            ),
            *(_part("Playbook", playbook_lines(record, names)) if record["playbook"]["steps"] else ()),
            *_part("Follow-ups", follow_up_lines(record, names)),
            *(_part("Containments", _containments(record, names)) if record["containments"] else ()),
            *_part("Status and severity", [_change(one, names) for one in record["status_history"]]),
            *cascade_markdown(record),
            *trials_markdown(record),
            *clocks_markdown(record, names),
            *_part("Roles", [_holding(one, names) for one in record["roles"]]),
            *_part("Audit trail", [_act(one, names) for one in record["audit"]]),
        ]
    )


def postmortem_markdown(record: Json, names: Names) -> str:
    """The record's postmortem with the entries that it cites; says so where there is none yet."""
    title = f"# Postmortem of {record['key']}: {inert(record['title'])}"
    if record["postmortem"] is None:
        return _document([title, "There is no postmortem yet."])
    lines = list(_all_lines(record["postmortem"]))
    return _document(
        [
            title,
            *_facts(record, names),
            *_standing(record["postmortem"], names),
            *_postmortem_parts(record, names, level="##"),
            *cascade_markdown(record),
            *_part("Follow-ups", follow_up_lines(record, names)),
            *_cited(record, lines, names),
        ]
    )


def _all_lines(postmortem: Json) -> Iterable[Json]:
    for part in Part:
        yield from postmortem["sections"][part]
        for block in (postmortem.get("details") or {}).get(part, []):
            yield from block["lines"]


def _standing(postmortem: Json, names: Names) -> Iterable[str]:
    """Which version it is, whose task, who has reviewed it, and what is open."""
    lines = [f"Version {postmortem['version']}, {postmortem['status'].replace('_', ' ')}."]
    if postmortem["completed_at"]:
        why = f": {inert(postmortem['reason'])}" if postmortem["reason"] else ""
        by = inert(_who(postmortem["completed_by"], names))
        lines.append(f"Completed {_time(postmortem['completed_at'])} by {by}{why}")
    elif postmortem["due_at"]:
        owner = inert(_who(postmortem["owner"], names))
        lines.append(f"{owner} sees to it; due {_time(postmortem['due_at'])}.")
    yield "  \n".join(lines)
    if postmortem["reviewers"]:
        yield "\n".join(_reviewer(one, names) for one in postmortem["reviewers"])


def _reviewer(one: Json, names: Names) -> str:
    said = {
        "waiting": "has not answered",
        "reviewed": f"has reviewed version {one['version']}",
        "changes": f"asks for changes to version {one['version']}",
    }[one["answer"]]
    comment = f": {inert(one['comment'])}" if one["comment"] else ""
    return f"- {inert(_who(one['user'], names))} {said}{comment}"


def update_markdown(record: Json, update: Json, names: Names) -> str:
    """One What We Know (an update of the record, or a draft in that shape) with the entries that it cites."""
    lines = [line for section in update["sections"].values() for line in section]
    return _document(
        [
            f"# What we know about {record['key']}: {inert(record['title'])}",
            *_update_parts(update, record, level="##"),
            *_cited(record, lines, names),
        ]
    )


def _facts(record: Json, names: Names) -> Iterable[str]:
    commander = [one for one in record["roles"] if one["role"] == Role.COMMANDER]
    facts = {
        "Status": record["status"],
        "Severity": record["severity"].upper(),
        "Archetype": record["archetype"].replace("_", " "),
        "System type": record["system_type"] or "not known",
        "System": record["system"] or "not named",
        "Kind": f"{record['kind']}, {record['visibility']}",
        "Declared": f"{_time(record['declared_at'])} by {_who(record['declared_by'], names)}",
        "Commander": _who(commander[-1]["user"], names) if commander else "none",
    }
    yield "\n".join(f"- **{name}:** {inert(value)}" for name, value in facts.items())


def _summary(record: Json) -> Sequence[str]:
    return [inert(spoken(record["summary"], {}))] if record["summary"] else []


def _timeline(entries: Sequence[Json], names: Names) -> list[str]:
    return [line for entry in entries for line in _entry(entry, names)]


def _entry(entry: Json, names: Names) -> Iterable[str]:
    marks = ["" if entry["mark"] == "note" else entry["mark"].replace("_", " "), entry.get("layer") or ""]
    mark = f" ({', '.join(filter(None, marks))})" if any(marks) else ""
    number = link(f"[{entry['id']}]", entry["permalink"])
    reply = " in a thread" if entry["source"]["thread_ts"] else ""
    words = inert(spoken(entry["text"], names)) or "*no words*"
    who = inert(_who(entry["author"], names))
    yield f"- {number} **{_time(entry['at'], seconds=True)}** {who}{reply}{mark}: {words}"
    for one in entry["revisions"]:
        yield f"  - until {_time(one['at'])}: {inert(spoken(one['text'], names)) or '*no words*'}"
    if entry["deleted_at"]:
        yield f"  - deleted {_time(entry['deleted_at'])}"
    for file in entry["files"]:
        yield f"  - file: {link(str(file['name'] or 'unnamed'), file['permalink'])}"


def _unknown(unknown: Json, record: Json) -> str:
    if unknown["answered_at"] is None:
        end = "open"
    elif unknown["answer_entry"] is None:
        end = f"withdrawn {_time(unknown['answered_at'])}"
    else:
        end = f"answered {_time(unknown['answered_at'])} in {_number(unknown['answer_entry'], record)}"
    return f"- **{unknown['id']}.** {inert(spoken(unknown['text'], {}))} {_number(unknown['entry'], record)}: {end}"


def _updates(record: Json, names: Names) -> Iterable[str]:
    for update in record["updates"]:
        at = f", published {_time(update['published_at'])}" if update["published_at"] else ""
        approved = f", approved by {inert(_who(update['approved_by'], names))}" if update["approved_by"] else ""
        yield f"## Update {update['version']} for {update['audience']}: {update['status']}{at}{approved}"
        yield from _update_parts(update, record, level="###")
        yield from review_markdown(update, lambda user: _who(user, names))


def _update_parts(update: Json, record: Json, *, level: str) -> Iterable[str]:
    for section in Section:
        yield f"{level} {SECTION_TITLES[section]}"
        nothing = NO_UNKNOWNS if section is Section.UNKNOWNS else NOTHING
        yield _sentences(update["sections"][section], record) or nothing
    yield f"{level} Next update"
    yield _time(update["next_update_at"]) if update["next_update_at"] else "No next update is promised."


def _postmortem_parts(record: Json, names: Names, *, level: str, title: str = "") -> Iterable[str]:
    if title:
        yield title
    for part in Part:
        yield f"{level} {PART_TITLES[part]}"
        blocks = (record["postmortem"].get("details") or {}).get(part, [])
        told = beside(record["postmortem"]["sections"][part], blocks)
        if told or not blocks:
            yield _sentences(told, record) or NOTHING
        for block in blocks:
            yield f"{level}# {block['title']}"
            lines = [one | {"text": spoken(one["text"], names)} for one in block["lines"]]
            yield "\n\n".join(_fenced(one, record) for one in lines) if block["fenced"] else _sentences(lines, record)


def _fenced(line: Json, record: Json) -> str:
    """Words as they were, quoted line by line."""
    numbers = " ".join(_number(one, record) for one in line["citations"])
    quoted = [f"> {inert(one)}  " for one in line["text"].splitlines() if one.strip()]
    return "\n".join([*quoted, f"> {numbers}"])


def _sentences(lines: Sequence[Json], record: Json) -> str:
    return "\n".join(f"- {_sentence(line, record)}" for line in lines)


def _sentence(line: Json, record: Json) -> str:
    numbers = " ".join(_number(one, record) for one in line["citations"])
    by_hand = " *(no source)*" if line.get("by_hand") else ""
    return f"{inert(spoken(line['text'], {}))}{by_hand} {numbers}".rstrip()


def _cited(record: Json, lines: Sequence[Json], names: Names) -> Iterable[str]:
    wanted = {number for line in lines for number in line["citations"]}
    entries = [entry for entry in record["timeline"] if entry["id"] in wanted]
    return _part("Entries cited", _timeline(entries, names)) if entries else []


def _containments(record: Json, names: Names) -> list[str]:
    return [line for one in record["containments"] for line in _containment(one, names)]


def _containment(one: Json, names: Names) -> Iterable[str]:
    asked = f"{_time(one['asked_at'])} by {inert(_who(one['asked_by'], names))}"
    approved = f", approved by {inert(_who(one['approved_by'], names))}" if one["approved_by"] else ""
    name = inert(f"{one['terms']['name']} ({one['system']}:{one['switch']})")
    how = "emergency stop" if one["emergency"] else "asked"
    yield f"- **{name}**: {one['state'].replace('_', ' ')}, {how} {asked}{approved}"
    yield f"  - {inert(spoken(one['reason'], names))}. {inert(one['evidence_note'])}".rstrip()
    for label in ("before", "after"):
        if one[label]:
            said = f": {inert(one[label]['words'])}" if one[label]["words"] else ""
            yield f"  - {label}, {_time(one[label]['at'])}: {one[label]['reading'].replace('_', ' ')}{said}"
    if one["problem"]:
        yield f"  - what happened: {inert(one['problem'])}"
    for answer in one["answers"]:
        outcome = "went well" if answer["ok"] else "failed"
        words = f": {inert(spoken(answer['words'], names))}" if answer["words"] else ""
        yield f"  - {_time(answer['at'], seconds=True)} {inert(answer['call'])} {outcome}{words}"


def _change(change: Json, names: Names) -> str:
    reason = f": {inert(change['reason'])}" if change["reason"] else ""
    by = inert(_who(change["by"], names))
    return f"- {_time(change['at'])} {change['status']}, {change['severity'].upper()}, by {by}{reason}"


def _holding(holding: Json, names: Names) -> str:
    until = _time(holding["to"]) if holding["to"] else "now"
    role = ROLE_NAMES[Role(holding["role"])]
    return f"- {role}: {inert(_who(holding['user'], names))}, {_time(holding['from'])} to {until}"


def _act(act: Json, names: Names) -> str:
    return (
        f"- {_time(act['at'])} {inert(_who(act['by'], names))}: {inert(act['action'])} {inert(act['object'])}".rstrip()
    )


def _number(entry_id: int, record: Json) -> str:
    address = next((entry["permalink"] for entry in record["timeline"] if entry["id"] == entry_id), None)
    return link(f"[{entry_id}]", address)


def _who(user: str, names: Names) -> str:
    return f"{names[user]} ({user})" if user in names else user


def _time(value: str, *, seconds: bool = False) -> str:
    at = datetime.fromisoformat(value)
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if seconds else f"{at:%Y-%m-%d %H:%M} UTC"


def _part(title: str, lines: Sequence[str]) -> list[str]:
    return [f"## {title}", "\n".join(lines) or NOTHING]


def _document(blocks: Iterable[str]) -> str:
    return "\n\n".join(blocks) + "\n"
