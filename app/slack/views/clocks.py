"""The notification clocks of an incident: what ticks, what waits for a decision, what was decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.domain.clock_record import ClockPhase, Decision, NotificationClock, PhaseState
from app.domain.regime import EVENT_NAMES, Phase, Regime
from app.services.clocks.clocks import ClockBoard, recipient
from app.slack.blocks import (
    VIEW_BLOCKS_MAX,
    Block,
    actions,
    button,
    context,
    divider,
    mention,
    safe_line,
    section,
    when,
)
from app.slack.ids import Action, View
from app.slack.inputs import modal
from app.slack.messages.clocks import NOT_ADVICE, STANDING, basis, due_line
from app.slack.views.metadata import packed
from app.slack.words import headline

DISCLAIMER = (
    f"{NOT_ADVICE}: rules as of 23 Nov 2026, each with its source. The legal liaison decides, and the decision is kept."
)


def clocks_view(board: ClockBoard, today: date, said: str = "") -> Block:
    """Everything at a glance, with the way to each act. `said`: what the last act came to, shown first."""
    incident = board.incident
    top = [section(said)] if said else []
    top += [section(headline(incident)), context(DISCLAIMER), _acts(board)]
    parts = [*_deciding(board, today), *_running(board), *_over(board, today)]
    room = VIEW_BLOCKS_MAX - len(top) - 1
    if len(parts) > room:
        parts = [*parts[: room - 1], context("There is more than fits here; the export has all of it.")]
    return modal(
        View.CLOCKS, "Notification clocks", [*top, *parts], close="Close", private_metadata=packed(key=incident.key)
    )


def _acts(board: ClockBoard) -> Block:
    key = board.incident.key
    asked = board.duties.asked
    ask = button(
        "Answer again" if asked else "Answer a few questions", Action.CLOCKS_ASK, key, None if asked else "primary"
    )
    stamp = [button("Stamp times", Action.CLOCKS_STAMP, key)] if board.duties.clocks else []
    return actions(ask, *stamp, button("Draft for the regulator", Action.CLOCKS_DRAFT, key))


def _deciding(board: ClockBoard, today: date) -> Iterator[Block]:
    waiting = [one for one in board.candidates if one.key not in board.duties.clocks]
    if not board.duties.asked and not waiting:
        yield section("Plain questions tell which duties to notify may apply. Nobody has answered them yet.")
        return
    if waiting:
        yield section(f"*{len(waiting)} may apply: decide each*")
    elif not board.candidates:
        yield section("By these answers, no regime that is known here seems to apply.")
    for regime in waiting:
        yield section(_candidate(regime, today), _decide(board, regime, "Decide"))
        yield context(basis(regime))


def _candidate(regime: Regime, today: date) -> str:
    begins = regime.begins(today)
    coming = f" Not yet in force: {begins}." if begins else ""
    return (
        f"*{safe_line(regime.name)}*\n"
        f"{safe_line(regime.who)}: {safe_line(regime.trigger, 500)}\n"
        f"To: {safe_line(regime.recipient, 200)}\n{_terms(regime)}\n"
        f"_{STANDING[regime.standing]}{safe_line(regime.status, 500)}{coming}_"
    )


def _terms(regime: Regime) -> str:
    return " · ".join(f"{safe_line(phase.name, 100)}: {_term(regime, phase)}" for phase in regime.phases)


def _term(regime: Regime, phase: Phase) -> str:
    if not phase.limits:
        return "no fixed time"
    return " or ".join(f"{limit} after {_after(regime, limit.after)}" for limit in phase.limits)


def _after(regime: Regime, start: str) -> str:
    phase = regime.phase(start)
    return f"“{safe_line(phase.name, 60)}” is sent" if phase else start.replace("_", " ")


def _running(board: ClockBoard) -> Iterator[Block]:
    for regime, clock in _decided(board, Decision.APPLIES):
        yield divider()
        head = f"*{safe_line(regime.name)} applies*: {safe_line(clock.reason, 400)}"
        yield section(f"{head}\nDecided by {mention(clock.decided_by)}", _decide(board, regime, "Decide again"))
        for phase in regime.phases_for(board.duties.answers):
            yield from _phase(board, regime, phase)
        yield context(basis(regime))


def _phase(board: ClockBoard, regime: Regime, phase: Phase) -> Iterator[Block]:
    rows = [one for one in board.duties.phases if (one.regime, one.phase) == (regime.key, phase.key)]
    for row in rows:
        if row.state is PhaseState.SENT:
            yield context(_sent(row, phase))
    ticking = next((one for one in rows if one.state is PhaseState.TICKING), None)
    if ticking is None and any(one.state is PhaseState.SENT for one in rows) and not phase.repeats:
        return
    value = f"{board.incident.key}:{regime.key}:{phase.key}"
    line = f"⏳ {due_line(ticking)}" if ticking else _not_started(regime, phase)
    to = safe_line(recipient(regime, phase.key), 200)
    yield section(
        f"*{safe_line(phase.name, 150)}*\n{line}\nTo: {to}", button("Record as sent", Action.CLOCKS_SENT, value)
    )


def _not_started(regime: Regime, phase: Phase) -> str:
    if not phase.limits:
        return "No fixed time."
    starts = {EVENT_NAMES[limit.event] if limit.event else _after(regime, limit.after) for limit in phase.limits}
    return f"Not started: it starts when {' or when '.join(sorted(starts))}."


def _sent(row: ClockPhase, phase: Phase) -> str:
    at = when(row.sent_at) if row.sent_at else ""
    by = f" by {mention(row.sent_by)}" if row.sent_by else ""
    late = (
        " (after the deadline)"
        if row.due_at and row.sent_at and row.sent_at > row.due_at > (row.started_at or row.due_at)
        else ""
    )
    return f"✅ {safe_line(phase.name, 150)}: sent {at}{by}{late}: {safe_line(row.what, 400)}"


def _over(board: ClockBoard, today: date) -> Iterator[Block]:
    ruled_out = list(_decided(board, Decision.DOES_NOT_APPLY))
    if ruled_out or board.information:
        yield divider()
    for regime, clock in ruled_out:
        text = f"{safe_line(regime.name)} does not apply: {safe_line(clock.reason, 400)} – {mention(clock.decided_by)}"
        yield section(text, _decide(board, regime, "Decide again"))
    for regime in board.information:
        begins = regime.begins(today)
        coming = f" {begins}." if begins else ""
        yield context(f"ℹ️ {safe_line(regime.name)}: {safe_line(regime.status, 300)}{coming} {basis(regime)}")


def _decided(board: ClockBoard, decision: Decision) -> Iterator[tuple[Regime, NotificationClock]]:
    for regime in board.candidates:
        clock = board.duties.clocks.get(regime.key)
        if clock is not None and clock.decision is decision:
            yield regime, clock


def _decide(board: ClockBoard, regime: Regime, label: str) -> Block:
    return button(label, Action.CLOCKS_DECIDE, f"{board.incident.key}:{regime.key}")
