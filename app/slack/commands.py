"""The subcommands: their names, how they are used, and what they do, in the order that the help shows."""

from __future__ import annotations

import difflib
from dataclasses import dataclass


@dataclass(frozen=True)
class Subcommand:
    """One subcommand. `usage`: what follows its name; `does`: what it does, in a few words."""

    name: str
    usage: str
    does: str


SUBCOMMANDS: tuple[Subcommand, ...] = (
    Subcommand("status", "", "this incident as it stands"),
    Subcommand("list", "", "the open incidents"),
    Subcommand("catchup", "", "the incident in short, with sources, for you alone"),
    Subcommand("ask", "QUESTION", "what the record says to a question, with sources"),
    Subcommand("draft", "[responders|leadership|customers|regulator]", "draft a What We Know from the timeline"),
    Subcommand("update", "", "go on with the update that waits, or draft one"),
    Subcommand("role", "@user ROLE", "give a role: commander, scribe, tech, comms, legal"),
    Subcommand("severity", "sevN [why]", "change the severity"),
    Subcommand("note", "TEXT", "add a note to the timeline"),
    Subcommand("decision", "TEXT", "put a decision on record"),
    Subcommand("action", "TEXT", "put on record what was done"),
    Subcommand("hypothesis", "TEXT", "what may be the cause"),
    Subcommand("ruled-out", "TEXT", "what it was not"),
    Subcommand("unknown", "TEXT", "ask what nobody knows yet; it stays open until answered"),
    Subcommand("answer", "N TEXT", "answer unknown N"),
    Subcommand("contain", "", "stop the system: throw one of its switches, verified"),
    Subcommand("layer", "N LAYER", "where entry N happened: input, inference, output, integration"),
    Subcommand("trial", "", "reproduce it: k failures in n tries, before and after the fix"),
    Subcommand("clocks", "", "duties to notify: which may apply, what is due when"),
    Subcommand("triage", "", "gather the triage pack anew: changes, anomalies, dependencies, similar incidents"),
    Subcommand("resolve", "[why]", "the incident is over"),
    Subcommand("close", "[why]", "nothing is left to do"),
    Subcommand("follow-up", "[TEXT @owner YYYY-MM-DD]", "add what is to be done afterwards, or see the list"),
    Subcommand("postmortem", "", "draft or read the postmortem"),
    Subcommand("playbook", "", "what to keep, do and decide next"),
    Subcommand("register", "[list|show KEY|search WORDS|add]", "the AI systems: who answers for them, what they touch"),
    Subcommand("help", "", "this list"),
)
NAMES = tuple(one.name for one in SUBCOMMANDS)


def nearest(word: str) -> str | None:
    """The subcommand that was probably meant; None when none is near."""
    near = difflib.get_close_matches(word.lower(), NAMES, n=1, cutoff=0.55)
    return near[0] if near else None
