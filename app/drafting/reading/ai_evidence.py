"""What in people's words is evidence about a model: versions, settings, inputs and outputs, guardrails, tool calls."""

from __future__ import annotations

import re
from enum import StrEnum


class Topic(StrEnum):
    """A kind of evidence that only incidents of AI systems have, or a view on the causes."""

    VERSIONS = "versions"
    SAMPLING = "sampling"
    SAMPLES = "samples"
    GUARDRAILS = "guardrails"
    TOOLS = "tools"
    TRIGGER = "trigger"
    ROOT = "root"
    CONTRIBUTING = "contributing"
    ROLLBACK = "rollback"
    LUCK = "luck"


def _words(*parts: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?![\w-])", re.IGNORECASE)


_MODEL = (
    r"(?:model|checkpoint|weights|snapshot|adapter|lora|embedding(?:s| model)?|(?:system )?prompt|template|tokenizer)"
)
_VERSION = r"(?:v\.? ?\d[\w.-]*|version \d[\w.-]*|\d+(?:\.\d+)+[\w-]*|\d{4}-\d{2}-\d{2}|(?=[0-9a-f]*\d)[0-9a-f]{7,40})"
_FAMILY = (
    r"gpt-?\d[\w.-]*|claude(?:-| )[\w.-]*\d[\w.-]*|gemini(?:-| )\d[\w.-]*|llama-? ?\d[\w.-]*|mi[sx]tral-[\w.-]+|"
    r"qwen-?\d[\w.-]*|deepseek-[\w.-]+|command-r[\w+-]*|phi-?\d[\w.-]*|gemma-?\d[\w.-]*"
)
_PATTERNS: dict[Topic, tuple[re.Pattern[str], ...]] = {
    Topic.VERSIONS: (
        _words(rf"{_MODEL}\b[^.\n]{{0,40}}?\b{_VERSION}", rf"{_VERSION} (?:of )?(?:the |our )?{_MODEL}", _FAMILY),
    ),
    Topic.SAMPLING: (
        _words(
            r"(?:temperature|temp|top[_ -]?[pk]|max[_ ]?(?:new[_ ])?tokens|seed|beam(?: size)?|"
            r"(?:frequency|presence|repetition)[_ ]penalty)\b[^.\n]{0,20}?\d[\d.,]*"
        ),
    ),
    Topic.SAMPLES: (
        re.compile(
            r"```|(?mi:^[>\s]*(?:prompt|input|user|query|output|completion|response|reply|answer|bot|agent)\s*:)"
        ),
        _words(r"(?:it|the (?:bot|agent|model|assistant)) (?:said|answered|replied|wrote|told)[^.\n]{0,40}[\"“‘']"),
    ),
    Topic.GUARDRAILS: (
        _words(
            r"guard-?rails?|(?:content|safety|output|input|toxicity|pii) filters?|moderation|policy checks?|"
            r"block ?lists?|allow ?lists?|(?:jailbreak|injection) detectors?|refus(?:ed|es|al|als)"
        ),
    ),
    Topic.TOOLS: (
        _words(
            r"(?:tool|function)[ _-]?(?:calls?|use|invocations?)",
            r"(?:called|invoked|calls|invokes|ran|executed) (?:the )?[`'\"]?[\w.]+(?:\(|_[\w.]+| tool| function| api)",
            r"[`'\"]?[a-z][\w.]*_[\w.]+\([^)\n]{0,80}\)",
        ),
    ),
    Topic.TRIGGER: (
        _words(
            r"trigger(?:ed)?(?: (?:was|is|by)|:)|set off by|(?:started|began|begins|starts) (?:with|when|after|"
            r"right after|at)|since (?:the|our|this) [\w: -]{0,30}(?:deploy\w*|release|change|update|rollout)|"
            r"(?:right )?after (?:the|our) [\w: -]{0,30}(?:deploy\w*|release|change|update|rollout|switch)"
        ),
    ),
    Topic.ROOT: (_words(r"root cause|(?:the )?(?:real |actual )?cause (?:is|was)|(?:was|were|is|are) caused by"),),
    Topic.CONTRIBUTING: (
        _words(
            r"contribut\w+|made (?:it|this|things) worse|on top of that|(?:also|besides),? (?:the|no|there)|"
            r"no (?:evals?|alerts?|monitor\w*|tests?|limits?|reviews?|owners?|canary|check)|had no|"
            r"nobody (?:owned|owns|was)|"
            r"did(?:n'?t| not) (?:cover|catch|include|fire|alert)|missing|"
            r"was (?:never|not) (?:tested|reviewed|monitored)"
        ),
    ),
    Topic.ROLLBACK: (
        _words(
            r"roll(?:ed|ing)? ?back|rollback|reverted?|switched (?:it |them |the [\w -]{1,30} )?off|turned off|"
            r"disabled|"
            r"revoked|paused|quarantined|isolated|rate.?limited|took (?:it|the [\w -]{1,30}) (?:down|offline)|failover|"
            r"fell back|fallback|restored|re-?enabled|switched (?:it |the [\w -]{1,30} )?(?:back )?on|retrain\w*"
        ),
    ),
    Topic.LUCK: (
        _words(
            r"luck|lucky|luckily|fortunate|fortunately|by (?:pure )?chance|happened to|coincidence|coincidentally|"
            r"near miss|could have been (?:far |much )?worse|only noticed because"
        ),
    ),
}


# What is asked, planned or wished for is no evidence of what was.
_NOT_YET = re.compile(
    r"\?\s*$|\b(?:will|would|going to|let'?s|should|shall|could|needs? (?:an?|to)|we need|tomorrow|tonight|next steps?|"
    r"plan(?:s|ned)? to|either|(?:rollback|revert|disable|pause) or|safer)\b",
    re.IGNORECASE,
)
_DONE = frozenset({Topic.ROLLBACK, Topic.GUARDRAILS, Topic.TOOLS, Topic.SAMPLING, Topic.VERSIONS})


_FENCED = re.compile(r"```(?:\w+\n)?(.*?)(?:```|\Z)", re.DOTALL)


def is_about(topic: Topic, text: str) -> bool:
    """True when the text holds evidence of that kind; plans and questions are no evidence of what was done."""
    if topic in _DONE and _NOT_YET.search(text):
        return False
    return any(pattern.search(text) for pattern in _PATTERNS[topic])


def outside_fences(text: str) -> str:
    """What was said around the code blocks of a message, on one line."""
    return " ".join(_FENCED.sub(" ", text).split())


def fenced_samples(text: str) -> list[str]:
    """The verbatim pieces in a message: its code blocks; where it has none, the whole."""
    blocks = [block.strip("\n") for block in _FENCED.findall(text)]
    return [block for block in blocks if block.strip()] or [text.strip()]
