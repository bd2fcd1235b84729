"""The signs by which a message shows what it is: an action, a doubt, a correction, a number of the harmed, an "
"answer."""

from __future__ import annotations

import re
from enum import Enum, auto


class Cue(Enum):
    """What a message gives away about itself; a message may carry several."""

    QUESTION = auto()
    HEDGE = auto()
    RULED_OUT = auto()
    CONFIRMED = auto()
    CORRECTION = auto()
    DECISION = auto()
    ACTION = auto()
    DIAGNOSTIC = auto()
    IMPACT = auto()
    DETECTION = auto()
    CAUSE = auto()
    RESOLUTION = auto()
    PREVENTION = auto()
    REVIEW = auto()
    CLAIM = auto()
    PUBLIC = auto()
    UNKNOWN = auto()
    PROGRESS = auto()
    ROLES = auto()
    SOCIAL = auto()
    HOSTILE = auto()
    FIRST_PERSON = auto()


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile(r"(?<![\w-])(?:" + "|".join(parts) + r")(?![\w-])", re.IGNORECASE)


_PATTERNS: dict[Cue, re.Pattern[str]] = {
    Cue.HEDGE: _any(
        r"maybe|perhaps|probably|possibly|possible (?:causes?|that)|presumably|likely|suspect(?:s|ed|ing)?|suspicion|"
        r"guess(?:es|ing)?|"
        r"hypothes\w+",
        r"theory|hm+,? or|(?:i|we) (?:think|believe|assume|wonder|reckon)|my bet|could be|could it be|might|"
        r"may(?= (?:be|have|not|well)\b)",
        r"(?:looks?|seems?|sounds?|feels?) (?:like|to (?:me|be))|not sure|all guesses|(?:legal|he|she|they|vendor|"
        r"support|counsel) thinks?|first (?:guess|idea)|"
        r"candidates?(?= causes?)",
    ),
    Cue.RULED_OUT: _any(
        r"ruled? (?:that |it |this )?out|ruling out|not the (?:cause|reason|problem|issue)|(?:is|are|was|were|it's|"
        r"its|that's) not \w+",
        r"(?:changed|found|see|saw) nothing|nothing (?:changed|new|unusual|was|wrong)|no (?:changes?|deploys?)\b|"
        r"nothing to do with|unrelated|isn'?t (?:it|the)|no evidence (?:that|of|for)|nope|not (?:phishing|related|"
        r"flipped|at fault)",
        r"not (?:a|an|the) [\w ]{0,30}|no (?:sign|trace)s? of|(?:label|file|config|model)\w* (?:map )?(?:is|"
        r"are) (?:ok|fine|right)",
        r"same with(?:out)?|false positives?|back (?:off|from) (?:that|my)|take (?:my|that|it) [\w ]{0,12}back|(?:is|"
        r"are) legit(?:imate)?",
    ),
    Cue.CONFIRMED: _any(
        r"confirmed|confirms|verified|found (?:it|the|smth|something)|turn(?:s|ed) out|it(?: was|'s| is) the|"
        r"root cause|proven|"
        r"reproduced|that(?:'s| is) (?:it|the (?:cause|reason))|yes!|convincing"
    ),
    Cue.CORRECTION: _any(
        r"correct(?:ion|ing|ed)|have to correct|misread|miscounted|mistyped|scratch that|strike that|my (?:mistake|"
        r"bad)|i was wrong|we were wrong",
        r"actually|make that|recount(?:ed)?|updated|better number|not \w+ but|back (?:off|from) (?:that|my)|"
        r"take (?:my|that|it) [\w ]{0,12}back",
        r"hold on|fix(?:ing|ed) my|(?:was|is|were|are) (?:false|wrong|untrue|incorrect)|not true|lied|lie|"
        r"instead of \d+|rather than \d+|"
        r"did(?: not|n'?t) (?:pass|happen|work)|really (?:wrong|only|is)|sorry",
    ),
    Cue.DECISION: _any(
        r"decision|decided?|we(?:'re| are|'ll| will)? go(?:ing)? (?:with|for)|let'?s|do (?:both|it|that)|plan|agreed|"
        r"approved|go ahead|go back",
        r"please|pls|(?:only|just) (?:the )?affected|until (?:we|the|it)|nobody|no one (?:touches|changes|runs)|"
        r"stays? (?:off|on|down)|"
        r"signed(?: off)?|countersigned|options?|ramp to|from now|safer|instead",
    ),
    Cue.ACTION: _any(
        r"push(?:ed|ing)|roll(?:ed|ing) (?:back|out)|rollback|revert(?:ed|ing)?|deploy(?:ed|ing)|merged|"
        r"disabl(?:ed|ing)|"
        r"revok(?:ed|ing)|rotat(?:ed|ing)",
        r"restor(?:ed|ing)|block(?:ed|ing)|paus(?:ed|ing)|switch(?:ed|ing)|turn(?:ed|ing) (?:on|off)|(?:is|are|now|"
        r"back) (?:off|on|live|down|up|out|through)",
        r"start(?:ed|ing)|patch(?:ed|ing)|fix(?:ed)?|publish(?:ed|ing)|purg(?:ed|ing)|delet(?:ed|ing)|remov(?:ed|"
        r"ing)|pin(?:ned|ning)|mitigat\w+|appl(?:ied|ying)",
        r"rais(?:ed|ing)|limit(?:ed)?|unban(?:ned|ning)|fil(?:ed|ing)|sent|resum(?:ed|ing)|quarantin(?:ed|ing)|"
        r"isolat(?:ed|ing)|deprecated|"
        r"set to|running|work(?:s|ing)? on|workaround|retrain(?:ed|ing)|draft(?:ed|ing)|phoned|called|contacted|"
        r"notified|bans? off|"
        r"deploy|disable|revoke|rotate|restore|stop(?:ped)?|block|pause|kill|allow (?:rules?|list)|update is|on it",
    ),
    Cue.DIAGNOSTIC: _any(
        r"check(?:ed|ing)|look(?:ed|ing) (?:at|into|for)|test(?:ed|ing|s)?|tried|trying|reproduc\w+|replay(?:ed|"
        r"ing)?|staging|sampl(?:e|ed)",
        r"logs?|evals?|evaluations?|a/b|experiments?|compar(?:ed|ing)|sha|listened|ran|measur(?:ed|ing)|benchmark|"
        r"holdout|golden set|"
        r"query|queries|audit|trace[sd]?|bisect\w*|investigat\w+|analys\w+|analyz\w+",
    ),
    Cue.IMPACT: _any(
        r"affect(?:ed|s|ing)|customers?|users?|patients?|players?|merchants?|people|ppl|accounts?|tenants?|records?|"
        r"rows|lost|los[se]s?|leak(?:ed|s|ing)?",
        r"fail(?:s|ed|ing|ures?)?|broken|errors?|crash\w*|expos(?:ed|ure)|declin(?:ed|e)|wrong(?:ly)?|refunds?|"
        r"orders?|payments?|conversations?|junk|spam|harm(?:ed|ful)?|damage|revenue|data|"
        r"downtime|outage|missing|gone|empty|downloads?|installs?|safety|breach|personal|money|cost|charged?|doses?|"
        r"banned|bans|unusable|credentials?|"
        r"tokens?|secrets?|blast radius|scope|regions?",
    ),
    Cue.DETECTION: _any(
        r"(?:second|third|another|one more) (?:one|case|report|customer|chat)|same story|alert(?:s|ed)?|alarm|firing|"
        r"complain(?:s|ed|ts?)?|report(?:s|ed)?|notic(?:ed|es)|found|detect(?:ed|ion)|"
        r"spik(?:e|es|ed|ing)|drift|anomal\w+",
        r"(?:customers?|users?|people|players?|ppl|they) (?:say|said|tell|told|complain|see|report)|screenshots?|"
        r"threshold|flag(?:ged|s)?|"
        r"monitor(?:ing|s)?|tickets?|felt|signals?|feedback",
    ),
    Cue.CAUSE: _any(
        r"root cause|cause[sd]?|why(?=:)|because|due to|reason|weaken\w*|led to|since (?:the|we)|culprit|"
        r"trigger(?:ed|s)?|"
        r"contribut\w+|factors?",
        r"nothing (?:enforce[sd]|checks?|stops?|prevents?)|never (?:tested|checked|had)|no (?:check|test|gate|eval|"
        r"monitor|alert|review|separation|"
        r"deployment|owner)\w*|(?:was|were|is|are)(?: not|n'?t) (?:part|on the list|tested|checked|pushed|broad|"
        r"separated)|wrong call|lacks?|lacking|missed",
    ),
    Cue.RESOLUTION: _any(
        r"resolved|back to normal|reduced|improved|recover(?:ed|y)|complete[d]?|restored|works|working again|is back|"
        r"(?:data|service) is back|healthy|remediated|"
        r"clos(?:ed|ing)|all clear|green|contained|fully back|is normal|quiet|stable|no longer|finished|done|over"
    ),
    Cue.PREVENTION: _any(
        r"me(?=,? (?:by |until )?(?:\d|this|next|end|friday|monday|tomorrow))|before (?:every )?launch",
        r"prevent(?:ion|ing|s)?|going forward|from now on|next time|to-?dos?|action items?|follow-?ups?|"
        r"in (?:the )?future|lessons?(?: learned)?",
        r"(?:i|we)(?:'ll| will| are going to| plan to) (?:\w+ )?(?:add|make|write|build|turn|move|introduce|change|"
        r"review|test|require|put|improve|set up|cap|create)",
        r"moving to|rolling out|in the works|coming|promised|improv(?:e|ing)|due (?:on )?\d|by (?:friday|monday|"
        r"tuesday|wednesday|thursday|next|end)|"
        r"gets? (?:a|an|reviewed|tested)|becomes? (?:permanent|mandatory|part)|gates?|guardrails?|can block|"
        r"circuit breaker|look into|this (?:week|sprint|quarter)|"
        r"before (?:end|the end|the next)|ours|rule",
    ),
    Cue.REVIEW: _any(
        r"(?<!in )(?<!under )(?<!code )(?<!a )(?:the )?(?:review|retro|retrospective|postmortem|post-mortem|"
        r"wrap[- ]?up|debrief|lessons)(?: in short|"
        r" notes?)?(?=[.:,! ]|$)",
        r"what (?:worked|went well|did not|didn'?t|went badly)|went well|(?:short )?notes from|in hindsight|"
        r"looking back|for the review",
    ),
    Cue.CLAIM: _any(
        r"(?:the )?(?:agent|bot|assistant|model|it|chatbot)(?:'s)? (?:says?|said|claims?|claimed|tells?|told (?:us|"
        r"me)|insists?|admits?|admitted|gives itself|reports?|stated|answers?|word)"
    ),
    Cue.PUBLIC: _any(
        r"post(?:ed|ing)?|tweet(?:ed)?|announce[ds]?|press|journalists?|status page|notice|public(?:ly)?|blog|"
        r"advisory|ceo|statement|media|on x|forum|apolog\w+|"
        r"social|published"
    ),
    Cue.UNKNOWN: _any(
        r"(?:don'?t|do not|doesn'?t|can'?t|cannot|won'?t|couldn'?t) (?:know|have (?:it|that|one|numbers?)|say|"
        r"tell (?:if|whether|yet|how|why))|not (?:known|disclosed|clear|yet known|decided|confirmed)|unknown",
        r"no idea|unclear (?:whether|if|who|how|what)|(?:is|are|it'?s|still|remains?|was) unclear|nobody knows|"
        r"not sure|no(?: public)? numbers?|"
        r"no answer (?:yet|from|so far)|no (?:word|news|reply)(?: yet)?|undecided|"
        r"has(?: not|n'?t) decided|no evidence either way|unconfirmed|dunno|remains open|still open|open(?=[ :,])|"
        r"have(?: still)? not confirmed|"
        r"no number until|haven'?t (?:heard|checked|found)|has(?: not|n'?t) (?:answered|replied)|waiting for|"
        r"needs? to (?:check|find out|clarify) (?:if|whether|how|what)|not closed|"
        r"can still|only have the",
    ),
    Cue.PROGRESS: _any(
        r"watching|still (?:looking|working|running|checking|investigating|on)|in progress|ongoing|underway|"
        r"under way|eta|monitoring|nearly|"
        r"waiting|pending|in review|on canary|canary (?:homes|hosts|tenants|users)|asking|not \w+ yet|takes (?:till|"
        r"until)|almost|halfway|on (?:for )?\d+ ?%|ramp(?:ing)?"
    ),
    Cue.ROLES: _any(
        r"i'?m (?:ic|commanding|incident commander)|i (?:take|have|got) (?:ic|command|the lead)|im ic|roles?:|"
        r"looking for an owner|please take|taking (?:command|ic\b|over)|"
        r"(?:i'?ll|i will|and) coordinate|opening an incident|(?:is|thats|that's) an incident|declar\w+ (?:this|it|"
        r"an?|the)|"
        r"i set the incident|sev ?\d,? mine"
    ),
    Cue.SOCIAL: _any(
        r"thanks?|thank you|ty|thx|cheers|coffee|lunch|dinner|pizza|breakfast|weekend|good (?:night|morning|job|"
        r"work)|morning all|lol|haha\w*|wow|ouch|yay|"
        r"nice|great find|well done|good find|happy|congrats|see you|back in \d+|brb|afk|game|movie|birthday|"
        r"weather|\bbtw"
    ),
    Cue.FIRST_PERSON: _any(r"i|i'm|i've|i'll|im|my|me|myself"),
}

_ACK = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|k|kk|ack(?:ed|nowledged)?|yes|yep|yup|yeah|sure|noted|roger|copy(?: that)?|on it|will do|"
    r"done|here|hi|hey|hello|o/|\+1|same|"
    r"right|agreed|good|great|cool|nice|perfect|got it|understood|thanks?|thank you|thx|ty|cheers|wow|lol|haha\w*|"
    r"hm+|um+|ouch|oh no|oh|what|"
    r"everybody|everyone|all|folks|team|guys|both|now|again|me|me too|i know|one|two|three|"
    r"great find|good night|have a (?:nice|good|great) \w+|good morning|morning|bye|was|yes!|i do|taking|looking|"
    r"that'?s (?:convincing|great|good|it|right|true|fair|odd|weird|bad|fine|ok|perfect|enough))\W*)*$",
    re.IGNORECASE,
)
IMPERATIVE = re.compile(
    r"^(?:(?:then|so|ok|and|yes|yep|no),? )?(?:kill|rate ?limit|revoke|stop|switch|pull|pin|raise|do|revert|roll|"
    r"resume|ramp|treat|turn|freeze|isolate|"
    r"put|keep|hold|post|send|unban|go|disable|block|pause|rotate|take|give|lock|call|set|add|mark|restart|remove|"
    r"delete|drop|tell|notify|open|"
    r"close|run|try|nobody|no one)\b(?!:)",
    re.IGNORECASE,
)
_WH = re.compile(r"^(?:and |so |but |ok |then )?(?:what|how|who|whom|when|why|which|where|whose)\b", re.IGNORECASE)


def is_ack(text: str) -> bool:
    """True when `text` says no more than that somebody is there, agrees, or is moved."""
    return _ACK.match(text) is not None


def opens_question(clause: str) -> bool:
    """True when `clause` opens with a question word."""
    return _WH.match(clause) is not None


def cues_of(text: str) -> frozenset[Cue]:
    """The cues whose signs stand in `text`."""
    return frozenset(cue for cue, pattern in _PATTERNS.items() if pattern.search(text))


def has(cue: Cue, text: str) -> bool:
    """True when `text` shows `cue`."""
    return _PATTERNS[cue].search(text) is not None
