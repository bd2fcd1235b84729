"""Channel words turned into sentences that stand alone: whose they are, whole, and quiet."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.drafting.reading import hostile
from app.drafting.reading.tokens import word_set

_LEAD = re.compile(
    r"^(?:(?:so(?! (?:far|much|many|that))|ok(?:ay)?|well|hm+|um+|uh+|oh|ah|and|but|also|btw|fyi|to be fair|hey|yeah|"
    r"yep|yup|lol|hm wait|then|"
    r"reminder(?: it was)?|for the record|um|as i said|in short|thanks [A-Z]\w+)\b[,:.!]?\s+"
    r"|(?:now|good|nice|great|noted|right|sorry|actually|morning|thank you|thanks|folks|all|guys|done|ack|"
    r"agreed)[,:.!]\s+)+(?=\S)",
    re.IGNORECASE,
)
_PLAIN_WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?<![\w'/])(?:{pattern})(?![\w'])", re.IGNORECASE), plain)
    for pattern, plain in (
        (r"i'?m|i am", "we are"),
        (r"i was", "we were"),
        (r"i'?ve", "we have"),
        (r"i'll", "we will"),
        (r"i'd", "we would"),
        (r"myself", "ourselves"),
        (r"i", "we"),
        (r"my", "our"),
        (r"me", "us"),
        (r"dont", "don't"),
        (r"doesnt", "doesn't"),
        (r"didnt", "didn't"),
        (r"isnt", "isn't"),
        (r"cant", "can't"),
        (r"wont", "won't"),
        (r"thats", "that's"),
        (r"its(?= (?:not|a|the|going|still|been)\b)", "it's"),
        (r"pls", "please"),
        (r"ppl", "people"),
        (r"smth", "something"),
        (r"w/o", "without"),
        (r"w/", "with"),
        (r"thru", "through"),
        (r"bc", "because"),
        (r"u", "you"),
        (r"rn", "right now"),
        (r"prod(?= (?:db|database|data)\b)", "production"),
    )
)
_SHOUTED = re.compile(
    r"\b(?:START(?:ED|ING)?|COMPLETED?|FINISHED|DONE|WORKS|WORKING|FAILED|FAILING|STOPPED|RESOLVED|FIXED|BROKEN|NOT|"
    r"NEVER|ALL CAPS|"
    r"EVERY\w*|NOW|DOWN|BACK|GONE|DELETED|WRONG|HUGE|BAD|REALLY|PLEASE|ELEVEN|TWICE|NOTHING|NOBODY)\b"
)
_BLAMED = re.compile(
    r"\b(?:an?|the|our|some) (?:intern|junior(?: \w+)?|contractor|new (?:hire|guy|joiner)|trainee|"
    r"student)\b(?= (?:\w+ )?(?:wrote|pushed|made|did|forgot|broke|"
    r"messed|caused|put|left|deleted|merged|clicked|changed))",
    re.IGNORECASE,
)
_ONGOING = re.compile(
    r"^((?:not|still|now|already) )?(starting|watching|looking|trying|fixing|revoking|switching|checking|running|"
    r"pulling|posting|working|"
    r"waiting|moving|rolling|reverting|restoring|investigating|adding|going(?= (?:to|out|live|through|in|with)\b)|"
    r"deploying|disabling|rotating|"
    r"testing|"
    r"asking|drafting|"
    r"re-?running|monitoring(?= (?:the|early|for|it|over|till|until|now)\b))\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"^(?:(?:also|just|already) )?(?:(?:asked|tried|checked|listened|compared|looked|ran|told|phoned|called|found|"
    r"wrote|measured)\b(?! by\b)"
    r"|(?:pushed|posted|rolled|reverted|replayed|deleted|disabled|enabled|revoked|rotated|deployed|restarted|raised|"
    r"filed|sent|merged|published|"
    r"stopped|turned|switched|added|removed|pinned|notified|closed|opened|blocked|paused|restored|isolated|purged|"
    r"resumed|moved|set|"
    r"tested|applied|shipped|drafted)\b(?= (?:the|a|an|it|all|both|this|that|our|every|everybody|on|off|out|back)\b))",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(
    r"^(?:can|could|should|would|will|took|takes|looks|works|seems|doesn't|affects|happens|happened|(?:is|was|has|"
    r"had)(?= (?:a|an|the|not|still|now|back|on|"
    r"off|in|at|up|down|too|only|also|fine|normal|been|no|\w+ed|\w+ing)\b))\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"^(?:(?:possible|candidate) causes?(?:, (?:all|only|just) guesses)?:|(?:(?:our|my) )?(?:first )?(?:bet|guess|"
    r"theory|idea|suspicion) (?:is|was)(?: that)?|(?:we|i) (?:think|believe|suspect|guess|assume|wonder(?: if)?)"
    r"(?: that)?|maybe|perhaps|probably|possibly|presumably|likely|(?:it )?(?:could|might) be|could it be|"
    r"(?:it )?looks like|or|hm+)(?<=[\w:])[,:]?\s+",
    re.IGNORECASE,
)
_KEEP_CASE = re.compile(r"^[\w.-]*[\d_/\\=(){}][\w.-]*|^[a-z]+[A-Z]|^[a-z]+\.[a-z]+|^npm|^gh\b|^pip\b")
_ANSWER_WORD = re.compile(r"^(?:yes|yep|yeah|no|nope|yup)[,.:;!]\s*(?=\w)", re.IGNORECASE)
_QUOTED = re.compile(r"(\"[^\"]*\"|\u201c[^\u201d]*\u201d)")
_SMALL = word_set(
    """the a an it its it's this that these those they we our he she there here our in on at of to for from with by
    as and or but so if when while all some any no not nothing none each every both only then also names one two
    three before after since until our"""
)


def _plain(text: str) -> str:
    for pattern, plain in _PLAIN_WORDS:
        text = pattern.sub(plain, text)
    return re.sub(r"\bwe (has|is)\b", lambda m: "we have" if m.group(1) == "has" else "we are", text)


def tidy(clause: str) -> str:
    """`clause` in whole words, said by the team ("we"), without what only opens a chat message."""
    text = _LEAD.sub("", clause.strip())
    text = re.sub(r"^\[(firing|resolved|alert|ok|critical|warning)\]\s*", r"Alert \1: ", text, flags=re.IGNORECASE)
    text = re.sub(r"^(?:(?:me|i),\s+)(?=\w+ \w)", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^(?:todo|to-do)(?: me)?:?\s+", "to do: ", text, flags=re.IGNORECASE)
    text = _BLAMED.sub("somebody", text)
    text = re.sub(
        r":\s*me(?:,\s*([^.;]+))?$", lambda m: f" ({m.group(1)})" if m.group(1) else "", text, flags=re.IGNORECASE
    )
    text = "".join(piece if index % 2 else _plain(piece) for index, piece in enumerate(_QUOTED.split(text)))
    text = _SHOUTED.sub(lambda match: match.group().lower(), text)
    text = re.sub(r"^can't,?\s+(?=\w+ )", "we can't: ", text)
    if match := _ONGOING.match(text):
        lead = match.group(1) or ""
        text = f"we are {lead.lower()}{_decapitalised(text[len(lead) :])}"
    elif _PAST.match(text) and not re.match(r"^\w+(?:ed|t|an|et|d):", text):
        text = f"we {_decapitalised(text)}"
    elif _NO_SUBJECT.match(text) and not text.endswith("?"):
        text = f"it {_decapitalised(text)}"
    return re.sub(r"[!?]+(?=[.;,]|$)", "", text).strip(" ,;:") + ("?" if clause.rstrip().endswith("?") else "")


def guarded(clause: str) -> str:
    """`clause` with every quoted order inside it cut to a harmless excerpt that is named as hostile."""
    spans = hostile.quoted_spans(clause)
    risky = hostile.names_attack(clause) or hostile.gives_orders(clause)
    for start, end, quotation in reversed(spans):
        if hostile.gives_orders(quotation) or (risky and hostile.order_like(quotation)):
            excerpt = f"[hostile instruction, quoted in part: \u201c{hostile.harmless_excerpt(quotation)}\u201d]"
            clause = f"{clause[:start]}{excerpt}{clause[end:]}"
    return clause


_ASKED = re.compile(
    r"^(did|was|is|does|has) ((?:the|a|this|that) [\w ]+?) (caus\w+|happen\w*|break|related|behind)\b", re.IGNORECASE
)
_PAST_OF = {"cause": "caused", "happen": "happened", "break": "broke"}


def _told(match: re.Match[str]) -> str:
    """What a question asks, told: "did the fix cause this" as "the fix caused this"."""
    helper, subject, verb = match.groups()
    return f"{subject} {_PAST_OF.get(verb, verb) if helper.lower() == 'did' else verb}"


def without_hedge(clause: str) -> str:
    """A guess stripped to what is guessed."""
    text = _LEAD.sub("", clause.rstrip("? ").strip())
    before = ""
    while before != text:
        before, text = text, _HEDGED.sub("", text)
    text = tidy(text)
    text = _ASKED.sub(_told, text)
    text = re.sub(r" to (?:me|us)\b(?=[,;.]|$)", "", text)
    return re.sub(r",? (?:to me|we (?:think|guess|believe)|maybe|probably|or so)$", "", text)


def sentence(parts: Sequence[str], lead: str = "") -> str:
    """`parts` as one sentence, after `lead`, with a capital and a full stop."""
    pieces = [piece for piece in (tidy(guarded(part)) for part in parts) if piece]
    text = "".join(
        piece.rstrip(".") if index == 0 else _continued(_joined(piece.rstrip(".")))
        for index, piece in enumerate(pieces)
    )
    if lead:
        text = f"{lead} {_lowered(text)}"
    return finished(text)


def _decapitalised(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def _continued(piece: str) -> str:
    """`piece` with what stands before it: its own sentence where it opens with a capital, else after a semicolon."""
    return f". {piece}" if piece[:1].isupper() else f"; {piece}"


def _joined(piece: str) -> str:
    """`piece` as it reads after a semicolon: a small word loses its capital, names keep theirs."""
    return _decapitalised(piece) if piece.split(" ", 1)[0].lower().rstrip(",:") in _SMALL else piece


def _lowered(text: str) -> str:
    return _joined(text)


def finished(text: str) -> str:
    """`text` with a capital at its start, unless it opens with a name or code, and a full stop or question mark."""
    text = re.sub(r"\s+", " ", text).strip(" ,;:")
    if text and text[0].islower() and not _KEEP_CASE.match(text.split(" ", 1)[0]):
        text = text[0].upper() + text[1:]
    return text if text.endswith(("?", ".", "!", ".\u201d")) else f"{text}."


def claim(name: str, parts: Sequence[str]) -> str:
    """What a system says about itself, as its claim."""
    said = " \u2013 ".join(re.sub(r"\s*[.!?]+$", "", part) for part in parts)
    said = re.sub(r"[.!?;]\s+", " \u2013 ", guarded(said)).replace('"', "'")
    return f"{finished(name)[:-1]} claimed: \u201c{said}\u201d."


def answer_text(parts: Sequence[str]) -> list[str]:
    """The clauses of an answer, without the bare yes or no that only makes sense after its question."""
    if not parts:
        return []
    first, *rest = parts
    bare = _ANSWER_WORD.sub("", first)
    return [bare, *rest] if bare.strip() else list(parts)


def question(clause: str) -> str:
    """`clause` as a question that stands alone."""
    return finished(re.sub(r"[?.! ]+$", "", tidy(clause)) + "?")


def clipped(text: str, limit: int) -> str:
    """The first `limit` words of `text`, cut at a comma where one is near, without a dangling small word."""
    words = text.rstrip(".").split()
    if len(words) <= limit:
        return " ".join(words)
    kept = words[:limit]
    for back in range(len(kept) - 1, max(len(kept) // 2, 2), -1):
        if kept[back].endswith((",", ";", ":")):
            kept = kept[: back + 1]
            break
    while len(kept) > 2 and re.match(
        r"^(?:the|a|an|of|to|and|or|in|on|for|with|is|are|was|from|by|at|that|so|but|we|it|as|which)$", kept[-1], re.I
    ):
        kept.pop()
    return " ".join(kept).rstrip(",;:")
