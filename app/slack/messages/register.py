"""The register as people read it: the list, and one system with all that hangs on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.domain.incident import Incident
from app.domain.register import Link, System
from app.domain.register_entry import Standing
from app.services.register import Sheet
from app.slack.blocks import Block, actions, button, context, link, mention, safe, safe_line, section, when
from app.slack.ids import COMMAND, Action
from app.slack.words import SYSTEM_TYPE_SHORT, counted, headline, state_line

LISTED = 20
SHOWN_INCIDENTS = 5
SHOWN_NAMES = 12
SHOWN_LEFT = 5


def register_blocks(systems: Sequence[System], words: str = "") -> list[Block]:
    """The entries, each with a button that opens it; `words` is what was searched for."""
    about = f" with “{safe_line(words, 80)}”" if words else ""
    if systems:
        top = f"*{counted(len(systems), 'AI system')}*{about} in the register"
    else:
        top = f"No AI system{about} is in the register. What isn't in it can't be responded to well; add it."
    more = len(systems) - LISTED
    rows = [section(_line(one), button("Open", Action.REGISTER_SHOW, one.key)) for one in systems[:LISTED]]
    rest = [context(f"and {more} more: `{COMMAND} register search WORDS`")] if more > 0 else []
    add = actions(button("Add a system", Action.REGISTER_ADD, "new", "primary"))
    return [section(top), *rows, *rest, add]


def sheet_blocks(sheet: Sheet) -> list[Block]:
    """One system: who answers for it, what it is made of, what it touches, and what has happened to it."""
    system = sheet.standing.system
    blocks = [section("\n".join(_facts(system)))]
    parts = (list(_parts(system)), _incidents(sheet.incidents), list(_left(sheet)))
    blocks += [section("\n".join(lines)) for lines in parts if lines]
    changed = section(_changed_in_file(sheet.standing)) if sheet.standing.file_changed else None
    blocks += [changed] if changed else []
    change = button("Change", Action.REGISTER_CHANGE, system.key)
    every = button("All systems", Action.REGISTER_LIST, "all")
    return [*blocks, actions(change, every), context(_origin(sheet))]


def system_line(system: System) -> str:
    """`System: Support bot · Customer care · on call @ben`, for those who have to find somebody."""
    parts = [safe_line(system.name, 100), *([safe_line(system.owner_team, 80)] if system.owner_team else [])]
    people, what = (system.on_call, "on call") if system.on_call else (system.owners, "owned by")
    parts += [f"{what} {_mentions(people)}"] if people else ["nobody is named as its owner"]
    return f"System: {' · '.join(parts)}"


def gap_block(incident: Incident, system: System | None) -> list[Block]:
    """That the incident's system is unknown to the register, with the way to mend it; nothing where it is known."""
    if system is not None or not incident.open:
        return []
    if incident.system:
        text = f"⚠️ {safe_line(incident.system, 80)} is not in the AI register, which is part of the problem"
        return [section(text, button("Add it", Action.REGISTER_ADD, incident.key))]
    return [section("⚠️ No AI system of the register is named yet", _name(incident))]


def _name(incident: Incident) -> Block:
    return button("Name the system", Action.REGISTER_NAME, incident.key)


def _line(system: System) -> str:
    parts = [SYSTEM_TYPE_SHORT[system.system_type]]
    parts += [f"{system.risk_class} risk"] if system.risk_class else []
    parts += [safe_line(system.owner_team, 80)] if system.owner_team else []
    return f"*{safe_line(system.name, 150)}*  `{system.key}`\n{' · '.join(parts)}"


def _facts(system: System) -> Iterator[str]:
    yield _line(system)
    if system.purpose:
        yield safe(system.purpose, 1000)
    owners = f"Owners {_mentions(system.owners)}" if system.owners else "Nobody is named as its owner"
    yield f"{owners} · on call {_mentions(system.on_call)}" if system.on_call else owners


def _parts(system: System) -> Iterator[str]:
    versions = [
        f"{what} {safe_line(value, 100)}"
        for what, value in (
            ("model", f"{system.model} {system.model_version}".strip()),
            ("prompt", system.prompt_version),
            ("guardrails", system.guardrail_version),
        )
        if value
    ]
    yield from [f"Runs {', '.join(versions)}"] if versions else []
    for what, names in (
        ("Data", system.data_classes),
        ("Used in", system.jurisdictions),
        ("Depends on", system.upstream),
        ("Feeds into", system.downstream),
        ("Contained by", tuple(switch.name for switch in system.switches)),
    ):
        yield from [f"{what}: {_names(names)}"] if names else []
    for what, links in (("Runbooks", system.runbooks), ("Monitors", system.monitors)):
        yield from [f"{what}: {_links(links)}"] if links else []


def _incidents(incidents: Sequence[Incident]) -> list[str]:
    if not incidents:
        return []
    still = sum(one.open for one in incidents)
    shown = [f"{headline(one)}  {state_line(one)}" for one in incidents[:SHOWN_INCIDENTS]]
    more = len(incidents) - SHOWN_INCIDENTS
    top = f"*{counted(len(incidents), 'incident')}*, {still} open"
    return [top, *shown, *([f"and {more} earlier"] if more > 0 else [])]


def _left(sheet: Sheet) -> Iterator[str]:
    """What its incidents left: corrective actions to be done, and risks that were accepted."""
    for what, rows in (("Open follow-ups", sheet.to_do), ("Accepted risks", sheet.accepted)):
        if rows:
            yield f"*{what}*"
        for incident, one in rows[:SHOWN_LEFT]:
            why = f" – {safe_line(one.reason, 150)}" if one.reason else ""
            yield f"• {incident.key}: {safe_line(one.title, 150)}{why}"
        if len(rows) > SHOWN_LEFT:
            yield f"• and {len(rows) - SHOWN_LEFT} more"


def _changed_in_file(standing: Standing) -> str:
    names = ", ".join(name.replace("_", " ") for name in standing.file_changed)
    return f"⚠️ The register file has changed since somebody changed {names} here. What was written here is shown."


def _origin(sheet: Sheet) -> str:
    origin = "From the register file" if sheet.standing.in_file else "Added in Slack; not in the register file"
    if not sheet.changes:
        return origin
    last = sheet.changes[0]
    return f"{origin} · changed {counted(len(sheet.changes), 'time')}, last by {mention(last.by)} {when(last.at)}"


def _names(names: Sequence[str]) -> str:
    more = len(names) - SHOWN_NAMES
    return ", ".join([*(safe_line(one, 80) for one in names[:SHOWN_NAMES]), *([f"{more} more"] if more > 0 else [])])


def _links(links: Sequence[Link]) -> str:
    return ", ".join(link(one.url, one.name) for one in links[:SHOWN_NAMES])


def _mentions(people: Sequence[str]) -> str:
    return ", ".join(mention(user) for user in people[:SHOWN_NAMES])
