"""The words by which a sentence makes a person the cause: who is meant, and what they are said to have done."""

from __future__ import annotations


def _any(alternatives: str) -> str:
    """A pattern for one of the alternatives, given separated by bars over several lines."""
    return f"(?:{''.join(line.strip() for line in alternatives.splitlines())})"


GIVEN_NAMES = _any("""
    Aaron|Ada|Adam|Ahmed|Aisha|Alan|Alex|Alice|Ali|Amy|Ana|Andrea|Andrew|Anna|Anne?|Anton|Ben|Bob|Brian|Carlos|Carol|
    Chen|Chris|Clara|Dan|Daniel|Dara|David|Diego|Elena|Eli|Emily|Emma|Eric|Eva|Fatima|Frank|Fred|George|Goran|Grace|
    Greg|Hana|Hannah|Ivan|Jack|James|Jan|Jane|Jason|Jean|Jeff|Jim|Joe|John|Jonas|Jose|Juan|Julia|Karen|Kate|Kevin|
    Laura|Lena|Leo|Li|Linda|Lisa|Lucy|Luis|Luke|Maria|Marie|Mark|Martin|Mary|Matt|Max|Mei|Mia|Michael|Mike|Mohammed|
    Nadia|Nick|Nina|Olga|Omar|Oscar|Pablo|Paul|Peter|Priya|Rachel|Raj|Ravi|Rob|Robert|Ruth|Sam|Sara|Sarah|Simon|Sofia|
    Steve|Sue|Susan|Tara|Tim|Tom|Tony|Uma|Vera|Victor|Wei|Will|Yuki|Zoe
""")
ROLE = _any(r"""
    engineers?|developers?|devs?|dbas?|programmers?|coders?|operators?|sres?|on-?calls?(?: \w+)?|admins?|
    administrators?|technicians?|technical lead|analysts?|data scientists?|scientists?|researchers?|reviewers?|
    annotators?|label+ers?|moderators?|testers?|managers?|supervisors?|leads?|boss(?:es)?|executives?|product owner|
    commanders?|scribes?|responders?|specialists?|colleagues?|staff(?: members?)?|workers?|employees?|contractors?|
    interns?|trainees?|juniors?|seniors?|new hires?|people|persons?|individuals?|person on (?:call|shift|duty)|
    (?:\w+ )?team(?: lead)?|authors?|author of the (?:change|commit|prompt|pr)|vendor'?s? engineers?
""")
DETERMINED = _any(r"the|an?|our|one|some|that|this|its|their|another")
ANYONE = rf"(?:{DETERMINED}\s+(?:[\w-]+\s+){{0,2}}?{ROLE}|some(?:body|one)(?: (?:at|on|in|from) (?:the )?\w+)?)"
PRONOUN = _any("he|she|they|you")
SLIP = _any("accidentally|mistakenly|wrongly|carelessly|negligently|stupidly|unwittingly|inadvertently")
ASIDE = _any(r"""
    \s+on (?:shift|duty|call|the [\w ]{1,20}? team)|\s+(?:who|that) (?:was|were|is) [\w ]{1,30}?|\s+who(?: \w+){0,4}?|
    ,\s[^,.;]{1,40},
""")
ADVERBS = (
    r"(?:(?:(?:was|were) in a hurry and|had|has|have|also|then|simply|again|clearly|apparently|just|obviously|"
    rf"repeatedly|reportedly|probably|{SLIP})\s+){{0,2}}"
)
CARELESS = _any("""
    careless|sloppy|negligent|lazy|incompetent|inexperienced|reckless|complacent|inattentive|unqualified
""")
_LEFT_OUT = _any("""
    check|test|review|read|notice|follow|tell|verify|think|look|run|validate|escalate|respond|react|ask|
    do (?:his|her|their|the)
""")
_DID = _any("pushed|merged|deployed|shipped|released|approved|ran|clicked|deleted|changed")
_DID_WRONG = _any("""
    deleted|ran|pressed|clicked|chose|picked|used|sent|set|selected|typed|entered|pasted|copied|opened|edited
""")
_WITHOUT = _any(rf"""
    without (?:testing|checking|review|approval|reading|asking|telling|running|thinking)|by mistake|by accident|{SLIP}
""")
HUMAN_FAULT = _any(rf"""
    forg(?:ot|ets?|otten)|neglect(?:ed|s)|overlook(?:ed|s)|botched|bungled|fumbled|messed (?:it |this |that )?up|
    screwed (?:it |this |that )?up|slipped up|dropped the ball|could(?:n'?t| not) be bothered|ignored|skipped|failed to|
    should(?:n'?t| not)? have|ought to have|could have (?:prevented|avoided|caught)|
    did(?:n'?t| not) (?:bother|{_LEFT_OUT})|wasn'?t paying|
    let (?:it|this|that) slip|lacked the (?:skill|care|attention)|
    made (?:an?|the|another|this|that|some|several|multiple) (?:[\w-]+ )?(?:mistakes?|errors?|typos?|blunders?)|
    (?:was|were|is|are) (?:to blame|at fault|{CARELESS}|too slow|not paying|asleep|distracted|drunk|absent-minded|
    responsible for (?:the|this) (?:incident|outage|leak|failure|breach|bug|harm|mistake))|
    mis(?:read|typed|judged|understood|configured|labell?ed|clicked|handled|managed)|
    {_DID} (?:\S+ ){{0,5}}?{_WITHOUT}|{_DID_WRONG} the wrong|{SLIP} \w+|
    (?:pushed|merged|deployed|shipped|released|approved|wrote|introduced) (?:the|an?|this|that) (?:bad|broken|buggy|
    faulty|wrong|untested|{CARELESS})
""")
FAULT = rf"(?:{HUMAN_FAULT}|broke|breaks|caused|causes|introduced|triggered|leaked|ruined|crashed)"
FAULT_NOUN = _any("""
    mistakes?|faults?|errors?|oversights?|negligence|carelessness|incompetence|failures?|blunders?|slip
""")
DONE_TO = _any(rf"""
    caused|broken|botched|missed|overlooked|ignored|skipped|neglected|forgotten|introduced|triggered|leaked|
    misconfigured|deleted by mistake|messed up|{SLIP} \w+
""")
WORK = _any("change|deploy(?:ment)?|commit|pr|pull request|prompt|config(?:uration)?|edit|merge|release|migration|code")
HAD_DONE = (
    r"(?:had(?:n't)?\s+)?(?:only\s+|not\s+)?"
    + _any("been|paid|checked|tested|read|looked|asked|listened|followed|noticed|done|run|told|escalated|reacted")
    + r"\b"
)
EVERYWHERE: tuple[tuple[str, str], ...] = (
    (
        r"\b(?:human|operator|reviewer|engineer|analyst|label+er|pilot|personal|individual) "
        r"(?:error|failure|mistake)s?\b(?! rate)",
        "human",
    ),
    (r"\b(?:error|mistake)s? (?:of|by|on the part of) (?:a |an |one )?(?:human|individual|person|employee)\b", "human"),
    (rf"\b{CARELESS}(?: \w+)? {ROLE}\b", "human"),
    (rf"\b{ANYONE} (?:was|were|got|became|had become) (?:too )?{CARELESS}\b", "human"),
    (rf"\b(?:poor|bad|wrong|faulty) (?:judge?ments?|decisions?|work|calls?) (?:by|of) {ANYONE}", "human"),
    (r"\b(?:some|one) (?:person|individual) (?:is|was) (?:to blame|at fault)\b", "human"),
    (r"\bwho (?:is|was) (?:to blame|at fault)\b", "human"),
    (r"\bshould have known better\b", "hindsight"),
)
