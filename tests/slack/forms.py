"""Every view the product opens, drawn from a sample."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from app.domain.clock_record import Decision, NotificationClock, PhaseState
from app.domain.incident import Archetype
from app.domain.notices import DeclarationFailed, Opening
from app.domain.playbook import Framework
from app.domain.postmortem import Part, PostmortemStatus
from app.domain.regime import Answer, Event
from app.domain.register_entry import RegisterChange, Standing
from app.domain.roles import Role
from app.domain.status_update import Audience, Section
from app.domain.trial import TrialPhase
from app.domain.trial_record import Outcome, TrialTry
from app.drafting.blameless.blameless import Blame
from app.knowledge.clocks import built_in
from app.services.clocks.clocks import ClockBoard
from app.services.clocks.rows import Duties
from app.services.register import Sheet
from app.services.trials.trials import TrialBoard
from app.slack.messages.register import register_blocks, sheet_blocks
from app.slack.views.clock_forms import decision_form, details_form, questions_form, sent_form, starts_form
from app.slack.views.clocks import clocks_view
from app.slack.views.containment import by_hand_form, containment_form
from app.slack.views.declare import declare_form, failed_view, opening_view
from app.slack.views.follow_up import change_form, drop_form, follow_ups_form
from app.slack.views.home import home
from app.slack.views.lifecycle import lifecycle_form
from app.slack.views.notice import notice_view
from app.slack.views.playbook import Shown, all_steps_view, playbook_view, skip_form, standards_view
from app.slack.views.postmortem import Page, no_postmortem_view, postmortem_view
from app.slack.views.postmortem_review import changes_form, comment_form, complete_form, edit_form, reviewers_form
from app.slack.views.register import add_form, name_system_form, system_form
from app.slack.views.roles import role_panel
from app.slack.views.status_update import UpdateForm, between_drafts, override_form, update_form
from app.slack.views.suggestion import suggestion_form
from app.slack.views.timeline import entry_form, mark_form
from app.slack.views.trial import judge_form, trial_form, word_form
from app.slack.views.unknowns import answer_form, unknowns_form
from app.slack.views.update_text import changes_view, copy_view
from tests.slack.playbook_samples import gate_of, progress_in
from tests.slack.samples import LINK, NOW, Sample


def modals(sample: Sample) -> Iterator[dict[str, Any]]:
    incident = sample.incident()
    account = {"name": "openai", "model": sample.text(30), "tokens": 3, "note": sample.text(300)}
    texts = {part: "\n".join([sample.text() + " [12]"] * 3) for part in Section}
    yield declare_form(title=sample.text(), systems=[("orders", sample.text())])
    yield declare_form()
    yield declare_form(suggestion=sample.suggestion())
    yield suggestion_form(incident, sample.offer())
    yield suggestion_form(sample.incident(system_type=None), None)
    yield opening_view(Opening(incident))
    yield opening_view(Opening(sample.incident(channel_id=None)))
    yield failed_view(DeclarationFailed(sample.text(), sample.text()))
    yield lifecycle_form(incident, [sample.text()] * 20, fix=sample.text())
    yield role_panel(sample.panel(), "Scribe is now <@U0BEN>.")
    yield role_panel(sample.panel(holders={}))
    yield mark_form("C0INC7", "1.2", sample.text())
    yield entry_form(incident)
    yield unknowns_form(incident, sample.unknowns(90), "Unknown 4 is on the list.")
    yield unknowns_form(incident, [])
    yield answer_form(incident, sample.unknowns()[0])
    yield update_form(UpdateForm("INC-7", texts, Audience.CUSTOMERS, 60, account, waiting=True))
    dropped = [{"text": sample.text(), "reason": sample.text(60)}] * 9
    yield update_form(UpdateForm("INC-7", texts, Audience.RESPONDERS, 60, account | {"dropped": dropped}, offered=4))
    yield update_form(UpdateForm("INC-7", {}, Audience.RESPONDERS, 30))
    yield update_form(UpdateForm("INC-7", {}, Audience.CUSTOMERS, 30, {"edits": 3}, problems=sample.problems()))
    yield override_form(sample.update())
    yield changes_view(sample.update(sentences=40), sample.update(sentences=1))
    yield changes_view(sample.update(), None)
    yield copy_view(sample.update(), "\n".join([sample.text()] * 30))
    yield between_drafts("INC-7")
    yield follow_ups_form(incident, sample.follow_ups(), title=sample.text())
    yield follow_ups_form(incident, [sample.follow_up()] * 90, "Follow-up 4 is on the list.")
    yield change_form(incident, sample.follow_ups()[0])
    yield drop_form(incident, sample.follow_up())
    postmortem, reviewers = sample.postmortem(sentences=40), sample.reviewers()
    yield postmortem_view(Page(incident, sample.postmortem(), "U0ADA", "U0BEN", {12: LINK}, reviewers))
    blame = {part: [Blame(sample.text(100), sample.text(200))] * 4 for part in Part}
    lines = [{"text": sample.text(), "citations": [12]}] * 5
    evidence = [{"title": "Tool calls", "fenced": fenced, "lines": lines} for fenced in (True, False)] * 5
    comments = [sample.comment(part) for part in Part for _ in range(7)]
    yield postmortem_view(
        Page(
            incident,
            postmortem,
            "U0ADA",
            "U0ADA",
            {12: LINK},
            reviewers * 10,
            comments,
            blame,
            {part.value: evidence for part in Part},
            sample.text(),
        )
    )
    completed = sample.postmortem(status=PostmortemStatus.COMPLETED, change=sample.text(100))
    yield postmortem_view(Page(incident, completed, "U0ADA", "U0ADA"))
    for part in Part:
        yield edit_form(incident, postmortem, part)
    yield comment_form(incident, Part.IMPACT)
    yield reviewers_form(incident, reviewers * 10, "U0BEN")
    yield changes_form(incident)
    yield complete_form(incident, sample.text())
    yield no_postmortem_view(incident)
    yield containment_form(sample.options())
    yield containment_form(sample.options(given=[sample.containment()], may_act=True))
    yield by_hand_form(incident, sample.containment())
    yield notice_view("Help", [])
    yield add_form()
    yield add_form(incident)
    yield system_form(sample.system())
    yield name_system_form(incident, [("orders", sample.text(60))])
    yield name_system_form(incident, [("orders", sample.text(60))] * 101)
    changes = [RegisterChange(team="T1", key="orders", at=incident.declared_at, by="U0ADA")]
    standing = Standing(sample.system(), in_file=True, file_changed=("prompt_version",))
    yield notice_view(
        "AI system",
        sheet_blocks(Sheet(standing, [incident] * 7, changes, [(incident, one) for one in sample.follow_ups()])),
    )
    yield notice_view("AI register", register_blocks([sample.system()] * 30, sample.text(60)))
    yield notice_view("AI register", register_blocks([]))
    progress = progress_in(sample)
    step, gate = progress.placed[0].item.key, gate_of(sample)
    words = "Given to <@U0BEN>."
    yield playbook_view(Shown(progress, NOW, {Role.COMMANDER: "U0ADA"}, words, step, gate.answers[0]))
    yield playbook_view(
        Shown(progress_in(sample, archetype=Archetype.UNSURE, system_type=None), NOW + timedelta(days=1))
    )
    yield all_steps_view(progress)
    yield skip_form(progress, progress.placed[-1])
    yield standards_view(progress, {"csf": Framework(sample.text(), sample.text(), sample.text())})
    yield from clock_forms(sample)
    yield from trial_forms(sample)


def trial_forms(sample: Sample) -> Iterator[dict[str, Any]]:
    incident = sample.incident()
    trials = [sample.trial(prompt=sample.text(), phase=phase) for phase in TrialPhase]
    yield trial_form(TrialBoard(incident, [], None, "No target is configured for trials."))
    board = TrialBoard(incident, trials, sample.text(60), "")
    yield trial_form(board)
    yield word_form(board)
    of = {"team": "T1", "incident_id": 7, "trial_id": 8, "outcome": Outcome.UNJUDGED, "at": NOW}
    yield judge_form(incident, trials[0], [TrialTry(**of, number=one, answer=sample.text()) for one in range(1, 25)])


def clock_forms(sample: Sample) -> Iterator[dict[str, Any]]:
    knowledge, incident = built_in(), sample.incident()
    of = {"team": "T1", "incident_id": 7}
    regime = knowledge.regimes[0]
    decided = {"name": regime.name, "article": "a", "source": "s", "confidence": "high", "decided_at": NOW}
    clocks = {
        one.key: NotificationClock(
            **of, **decided, regime=one.key, reason=sample.text(), decision=decision, decided_by="U0ADA"
        )
        for one, decision in zip(knowledge.regimes, [*[Decision.APPLIES] * 8, Decision.DOES_NOT_APPLY], strict=False)
    }
    phases = [
        sample.clock_phase(),
        sample.clock_phase(
            regime=regime.key, phase="initial", state=PhaseState.SENT, sent_at=NOW, sent_by="U0BEN", what=sample.text()
        ),
    ]
    duties = Duties({"eu": Answer.YES}, True, {}, clocks, phases)
    board = ClockBoard(incident, duties, knowledge.candidates({}), knowledge.information({}))
    yield clocks_view(board, NOW.date(), "The times are stamped.")
    nothing = ClockBoard(incident, Duties({}, False, {}, {}, []), (), ())
    yield clocks_view(nothing, NOW.date())
    yield questions_form(incident, knowledge, {"eu": Answer.YES})
    yield details_form("INC-7", ["eu"] * 20, knowledge.details, {"controller": Answer.NO})
    yield decision_form(board, regime)
    yield starts_form(board, list(Event))
    yield starts_form(nothing, [])
    yield sent_form(board, regime, "initial", NOW)


def homes(sample: Sample) -> Iterator[dict[str, Any]]:
    yield home([sample.incident()] * 120)
    yield home([])
