"""The words that screens use for severities, statuses and the rest, and the sentences that many of them share."""

from __future__ import annotations

from datetime import datetime

from app.domain.cascade import Layer
from app.domain.incident import Archetype, Incident, Kind, Severity, Status, SystemType
from app.domain.roles import ROLE_NAMES, Role
from app.domain.status_update import Audience
from app.domain.timeline import Mark
from app.slack.blocks import safe_line, when

SEVERITY_SIGNS: dict[Severity, str] = {
    Severity.SEV1: "🔴",
    Severity.SEV2: "🟠",
    Severity.SEV3: "🟡",
    Severity.SEV4: "⚪",
}
OVER_SIGN = "✅"
SEVERITY_MEANINGS: dict[Severity, str] = {
    Severity.SEV1: "SEV1 – people or data are being harmed now",
    Severity.SEV2: "SEV2 – serious, or likely to become so",
    Severity.SEV3: "SEV3 – limited harm, a workaround exists",
    Severity.SEV4: "SEV4 – minor, or only suspected",
}
ARCHETYPE_NAMES: dict[Archetype, str] = {
    Archetype.PROMPT_INJECTION: "Prompt injection",
    Archetype.DATA_EXFILTRATION: "Data exfiltration",
    Archetype.MODEL_MANIPULATION: "Model manipulation",
    Archetype.MISINFORMATION_CASCADE: "Misinformation cascade",
    Archetype.TOXICITY_ABUSE: "Toxicity or abuse",
    Archetype.AGENTIC_MISALIGNMENT: "Agentic misalignment",
    Archetype.OTHER: "Something else",
    Archetype.UNSURE: "Not sure yet",
}
SYSTEM_TYPE_NAMES: dict[SystemType, str] = {
    SystemType.GENERATIVE: "Generative (chatbot, assistant, content)",
    SystemType.AGENT: "Agent (acts with tools)",
    SystemType.PREDICTIVE: "Predictive (scores, classifies, ranks)",
}
SYSTEM_TYPE_SHORT: dict[SystemType, str] = {
    SystemType.GENERATIVE: "generative system",
    SystemType.AGENT: "agent",
    SystemType.PREDICTIVE: "predictive system",
}
STATUS_MEANINGS: dict[Status, str] = {
    Status.INVESTIGATING: "Investigating",
    Status.CONTAINED: "Contained – no further harm",
    Status.REMEDIATING: "Remediating – the fix is on its way",
    Status.MONITORING: "Monitoring – fixed, being watched",
    Status.RESOLVED: "Resolved – over, postmortem next",
    Status.CLOSED: "Closed – nothing left to do",
    Status.DECLINED: "Declined – not an incident",
}
MARK_NAMES: dict[Mark, str] = {
    Mark.NOTE: "Note",
    Mark.OBSERVATION: "Observation – what was seen",
    Mark.HYPOTHESIS: "Hypothesis – what may be the cause",
    Mark.RULED_OUT: "Ruled out – it was not that",
    Mark.DECISION: "Decision",
    Mark.ACTION: "Action – what was done",
    Mark.IMPACT: "Impact – who or what is hit",
    Mark.UNKNOWN: "Unknown – an open question",
    Mark.ANSWERED: "Answer to an unknown",
    Mark.EVIDENCE: "Evidence",
    Mark.MILESTONE: "Milestone",
}
LAYER_NAMES: dict[Layer, str] = {
    Layer.INPUT: "Input – prompts, documents, data",
    Layer.INFERENCE: "Inference – the model itself",
    Layer.OUTPUT: "Output – answers, filters, actions",
    Layer.INTEGRATION: "Integration – systems downstream",
}
AUDIENCE_NAMES: dict[Audience, str] = {
    Audience.RESPONDERS: "Responders",
    Audience.LEADERSHIP: "Leadership",
    Audience.CUSTOMERS: "Customers",
    Audience.REGULATOR: "Regulator",
}
SHORT_ROLES: dict[Role, str] = {
    Role.COMMANDER: "commander",
    Role.SCRIBE: "scribe",
    Role.TECH: "technical lead",
    Role.COMMS: "comms lead",
    Role.LEGAL: "legal liaison",
}


def sign_of(incident: Incident) -> str:
    """The colour of its severity while it is open, a tick once it is over."""
    return SEVERITY_SIGNS[incident.severity] if incident.open else OVER_SIGN


def headline(incident: Incident) -> str:
    """`🔴 *INC-7 · Title*`, saying so when it is a drill or imported."""
    kind = {Kind.DRILL: "DRILL · ", Kind.IMPORTED: "IMPORTED · "}.get(incident.kind, "")
    sign = sign_of(incident)
    return f"{sign} *{kind}{incident.key} · {safe_line(incident.title, 400)}*"


def state_line(incident: Incident, system: str = "") -> str:
    """Severity, status, archetype, system type and visibility on one line; `system` is its name where that is known."""
    parts = [incident.severity.upper(), STATUS_MEANINGS[incident.status].partition(" – ")[0]]
    if incident.archetype is not Archetype.UNSURE:
        parts.append(ARCHETYPE_NAMES[incident.archetype])
    if incident.system_type:
        parts.append(SYSTEM_TYPE_SHORT[incident.system_type])
    if incident.system:
        parts.append(safe_line(system or incident.system, 80))
    if incident.restricted:
        parts.append("🔒 restricted")
    return " · ".join(parts)


def point(incident: Incident) -> str:
    """The incident in one plain line, for notifications."""
    kind = "DRILL " if incident.kind is Kind.DRILL else ""
    return f"{kind}{incident.key} {incident.severity.upper()} {incident.status}: {safe_line(incident.title, 250)}"


def promise_line(next_update_at: datetime | None) -> str:
    return f"Next update due {when(next_update_at)}" if next_update_at else "No further update is promised"


def role_name(role: Role) -> str:
    return ROLE_NAMES[role]


def minutes(count: int) -> str:
    """`45 minutes`, `1 hour`, `2 h 30 min`, `1 day`."""
    if count < 60:
        return "1 minute" if count == 1 else f"{count} minutes"
    hours, rest = divmod(count, 60)
    if rest:
        return f"{hours} h {rest} min"
    days, odd = divmod(hours, 24)
    if days and not odd:
        return "1 day" if days == 1 else f"{days} days"
    return "1 hour" if hours == 1 else f"{hours} hours"


def counted(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
