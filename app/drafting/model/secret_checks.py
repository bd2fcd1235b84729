"""Whether something that has the shape of a secret or a number is one."""

from __future__ import annotations

import math
import re
from collections import Counter
from ipaddress import ip_address

_PLACEHOLDER = re.compile(
    r"^\W*$|x{6,}|\*{3,}|\.{3,}|^<.*>$|^\$|^\{|%\(|redacted|your[_-]|changeme|placeholder|^(?:none|null|true|false|"
    r"undefined|secret|unset|empty)$",
    re.IGNORECASE,
)
_COMMON = re.compile(r"^[A-Za-z]+(?:[-_.][A-Za-z]+)*$")


_NETWORKS: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...] = (
    (("4",), (13, 16, 19)),
    (("51", "52", "53", "54", "55", *(str(n) for n in range(2221, 2721))), (16,)),
    (("34", "37"), (15,)),
    (("6011", "65", "644", "645", "646", "647", "648", "649"), (16, 19)),
    (("300", "301", "302", "303", "304", "305", "36", "38", "39"), (14,)),
    (("35",), (16,)),
    (("62", "50", "56", "57", "58", "6304", "6759", "676"), (16,)),
)


def _entropy(text: str) -> float:
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


def looks_random(text: str) -> bool:
    """True for at least ten distinct characters, digits among letters or mixed case, and no sign of a placeholder."""
    if _PLACEHOLDER.search(text) or len(set(text)) < 8 or _entropy(text) < 2.8:
        return False
    body = re.sub(r"^[A-Za-z]{1,8}[-_.]", "", text)
    if _COMMON.match(body) and (body.islower() or body.isupper()):
        return False
    mixed = any(c.islower() for c in body) and any(c.isupper() for c in body)
    return any(c.isdigit() for c in body) or (mixed and _entropy(body) > 3.6)


def strongly_random(text: str) -> bool:
    """True for what nobody would write by hand: small and capital letters and digits mixed, all but unrepeated."""
    mixed = any(c.islower() for c in text) and any(c.isupper() for c in text) and any(c.isdigit() for c in text)
    return mixed and looks_random(text) and _entropy(text) >= 3.5


def plausible_password(text: str) -> bool:
    """True unless `text` is a plain word, a variable or a placeholder."""
    if _PLACEHOLDER.search(text) or len(set(text)) < 4:
        return False
    return not re.fullmatch(r"[A-Za-z]+[.:!?]?", text)


def is_card(text: str) -> bool:
    """True for 13 to 19 digits of a card network whose check digit is right."""
    digits = [int(c) for c in text if c.isdigit()]
    bare = "".join(map(str, digits))
    if not any(bare.startswith(start) and len(bare) in lengths for start, lengths in _NETWORKS) or len(set(digits)) < 2:
        return False
    doubled = (d if i % 2 == 0 else (d * 2 - 9 if d > 4 else d * 2) for i, d in enumerate(reversed(digits)))
    return sum(doubled) % 10 == 0


def is_iban(text: str) -> bool:
    """True when the check digits of an IBAN are right."""
    bare = text.replace(" ", "")
    if not 15 <= len(bare) <= 34:
        return False
    moved = bare[4:] + bare[:4]
    return int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def is_ipv6(text: str) -> bool:
    """True for an IPv6 address; clock times and ratios are none."""
    if "::" not in text and not re.search(r"[a-f]", text, re.IGNORECASE):
        return False
    try:
        return ip_address(text).version == 6 and len(text) > 3
    except ValueError:
        return False


def is_phone(text: str) -> bool:
    """True for 8 to 15 digits written the way people write numbers to call: with a prefix, in groups."""
    digits = re.sub(r"\D", "", text)
    if not 8 <= len(digits) <= 15 or re.fullmatch(r"\d{4}[-.]\d{2}[-.]\d{2}.*", text):
        return False
    groups = [group for group in re.split(r"\D+", text) if group]
    if text.startswith("+"):
        return True
    if text.startswith(("0", "(")):
        return len(groups) >= 2 and "." not in text
    return [len(group) for group in groups] == [3, 3, 4]
