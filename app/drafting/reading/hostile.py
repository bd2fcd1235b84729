"""Text that tries to give orders: to a model, to an agent, or to whoever drafts from it."""

from __future__ import annotations

import re

from app.drafting.reading.characters import without_hidden

_ORDER = (
    r"(?:run|install|execute|print|reveal|show|output|append|refund|send|delete|drop|ignore|disregard|forget|reply|"
    r"respond|write|repeat|pretend|disable|approve|mark|unban|export|curl|tell|say|state|translate|call|encode|do not|"
    r"don't|never|always|act|open|transfer|grant|forward|npm|pip|rm|sudo|please)"
)
_TAKEOVER = re.compile(
    r"\b(?:ignor\w*|disregard\w*|forget|override|bypass)\b[^.\n]{0,40}\b(?:previous|prior|above|earlier|all|your|the)\b"
    r"[^.\n]{0,30}\b(?:instruction\w*|prompt\w*|rule\w*|text|message\w*|evidence|timeline|data|polic\w+|context|"
    r"guidelines)\b"
    r"|\byou are (?:now|no longer)\b|\bfrom now on,? you\b|\b(?:admin|developer|maintenance|debug|dan|god|"
    r"jailbreak) mode\b"
    r"|<\|?(?:im_start|im_end|system|endoftext)|(?:^|[\s\"'`({\[])(?:system|assistant|developer)\s*(?::|"
    r"prompt\s*:)\s*\S"
    r"|\"role\"\s*:\s*\"|\b(?:dear|attention|note to|hey|hi|hello) (?:ai\b|agent|assistant|model|bot|llm)|"
    r"\bAI agents?\s*:"
    r"|\b(?:show|reveal|print|encode|output|repeat|display|translate|dump)\b[^.\n]{0,30}\b(?:system|hidden|initial|"
    r"developer|"
    r"internal|your|text above)\b[^.\n]{0,20}\b(?:prompts?|messages?|instructions|configuration|rules|in full)\b"
    r"|###\s*(?:end|system|instruction)|\b(?:safety|security) protocols? (?:disabled|off)\b|\bas the assistant\b|"
    r"\(assistant\)\s*:"
    r"|\bnew directive\b|\bAI (?:agents?|assistants?)\b[^.\n]{0,40}\b(?:should|must)\b|\byou,? (?:the )?AI\b"
    r"|\b(?:ignor(?:ez|iere|a)|vergiss|olvida|oublie[zr]?)\b[^.\n]{0,40}\b(?:instruc\w+|anweisung\w*|regeln|alles)\b"
    r"|\b(?:end|ende|fin|fine|final|top|start) (?:of|jeder|de|di) (?:\w+ ){0,2}(?:reply|answer|response|review|summary|"
    r"antwort|r\u00e9ponse|risposta|respuesta)\b|\bsystem\s?(?:hinweis|note)\b|\bnot[ae] (?:de |di |"
    r"del )?s[iy]st[e\u00e8]m[ae]\b"
    r"|\bnotes? (?:to|for) (?:the )?(?:ai|bot|agent|assistant|model)s?\b|\bwhen you (?:summari[sz]e|draft|read) this\b"
    r"|\b(?:ignore|disregard) (?:your|everything)\b|\boperating instructions you\b|"
    r"\bthis summary\b[^\n]{0,60}\b(?:to|with)\b"
    r"|\bmodo desarrollador\b|\u062a\u062c\u0627\u0647\u0644|\u7121\u8996\u3057|\u5ffd\u7565",
    re.IGNORECASE,
)
_AT_DRAFTER = re.compile(
    r"\b(?:the|this|your|in the|every) (?:draft|summary|answer|output|completion|bullet|citations?)\b[^.\n]{0,40}\b"
    r"(?:must|should|verbatim|only|always)\b|\bcit(?:e|ations?)\b[^.\n]{0,20}(?:\[|optional|:)"
    r"|\b(?:what_happened|unknowns? section|citation id|permalink for evidence)\b|\bcopy them with\b|"
    r"\bkeep the (?:link|date|token)\b"
    r"|\b(?:delete|drop|omit|leave out|never list) (?:the )?unknowns\b|\bhuman review is (?:waived|not needed)\b"
    r"|\bpost the draft\b|\bauthori[sz]e you to\b|\bremember for all future\b|\bhouse style\b|\bignore the rest\b"
    r"|\brepeat the (?:mention|above|text)\b|\bexactly as (?:written|is)\b|\bin your (?:answer|reply|response|"
    r"summary|draft)\b"
    r"|\b(?:start|begin|end) your (?:answer|reply|response)\b|\bcomply with\b|\bwithout (?:asking|approval|telling)\b"
    r"|\benvironment variables?\s*:|/proc/self/environ|\$\{jndi:|\{\{.*\}\}|<%=|\bpwned\b|\bjailbreak"
    r"|\"(?:type|blocks|action_id|role|testing)\"\s*:|\bin(?:to)? every bullet\b|\bonce per bullet\b|\bthen comply\b"
    r"|\bdo what it says\b|\bthe text above\b|\banswer with a\b|\bon(?:error|load)=|\b(?:functions|tools)\.\w+\(",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(
    rf"(?:^|[\"'\u201c\u2018:;.,!]\s*|\bto |\band ){_ORDER}\b|^[\w-]+: (?:when|if|please|always|never|now|you)\b",
    re.IGNORECASE,
)
_MARK_WORD = re.compile(
    r"\b(?:inject\w*|payload|hostile|malicious|jailbreak\w*|issue title|prompt says|macro|attacker\w*|verbatim|pasted|"
    r"pasting|(?:white|hidden|invisible) text|embedded|smuggled|(?:description|subject|body|comment|page|thread|"
    r"document|"
    r"file|mail|invite|title|text|note|ticket) (?:has|says|said|contains|contained|reads))\b",
    re.IGNORECASE,
)
_SPAN = re.compile(r"[\"\u201c]([^\"\u201d\n]{8,})[\"\u201d]|`([^`\n]{8,})`|(?<![\w])'([^'\n]{12,})'(?!\w)")
_OPAQUE = re.compile(r"^(?=.*\d)(?=.*[A-Za-z-]).*$|^[A-Z][A-Z_-]{3,}$|[/@\\{}<>|=$#]|\w:\w|^-+\w|://|\.\w+$")


def _in_disguise(text: str) -> bool:
    """Hidden characters, or letters of two alphabets within one word."""
    return bool(re.search(r"\[U\+(?:20|E0)", without_hidden(text))) or bool(
        re.search(r"[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]|[\u0334-\u0338]", text)
    )


def gives_orders(text: str) -> bool:
    """True when `text` is addressed to a model or to the drafter: an instruction to be reported, never followed."""
    seen = without_hidden(text)
    return bool(_TAKEOVER.search(seen) or _AT_DRAFTER.search(seen)) or _in_disguise(text)


def order_like(quotation: str) -> bool:
    """True when a quotation opens with, or contains, something to be done."""
    return gives_orders(quotation) or bool(_ADDRESSED.search(quotation))


def names_attack(text: str) -> bool:
    """True when people call something in `text` an injection, a payload, something pasted."""
    return bool(_MARK_WORD.search(text))


def opaque_tokens(text: str) -> frozenset[str]:
    """The codes in `text`: words of letters and digits, or of capitals, that mean nothing outside of it."""
    return frozenset(
        re.findall(r"\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{6,}\b|\b[A-Z]{2,}(?:[_-][A-Z0-9]{2,})+\b", text)
    )


def quoted_spans(text: str) -> list[tuple[int, int, str]]:
    """The quotations of eight letters or more within `text`: start, end, words."""
    return [
        (match.start(), match.end(), next(part for part in match.groups() if part)) for match in _SPAN.finditer(text)
    ]


def harmless_excerpt(quotation: str, limit: int = 9) -> str:
    """The first plain words of a hostile quotation, `…` where a token could act or identify; at most `limit` words."""
    shown: list[str] = []
    for word in re.split(
        r"\s+", re.sub(r"[.!?;:]+(?=\s|$)|[\"'`\u201c\u201d,]", "", without_hidden(quotation)).strip()
    ):
        plain = "\u2026" if _OPAQUE.search(word) else word.lower()
        if plain != "\u2026" or not shown or shown[-1] != "\u2026":
            shown.append(plain)
    tail = [] if len(shown) <= limit or shown[limit - 1] == "\u2026" else ["\u2026"]
    return " ".join(shown[:limit] + tail)
