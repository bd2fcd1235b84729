"""What identifies or opens something is taken out before a model sees it; what looks like it is left."""

import base64
import json
import time
from pathlib import Path

import pytest

from app.drafting.model.redaction import PERSONAL, Redactor, redact

LINES = Path(__file__).parents[3] / "shared/data/secrets.jsonl"


def lines():
    if not LINES.exists():
        pytest.skip("the shared secrets are not beside this checkout")
    for line in LINES.read_text(encoding="utf8").strip().split("\n"):
        row = json.loads(line)
        yield base64.b64decode(row["text_b64"]).decode(), row["secret_span"]


def test_nearly_every_secret_is_found():
    found = [text[slice(*span)] not in redact(text).text for text, span in lines() if span]
    assert sum(found) / len(found) >= 0.95


def test_hardly_any_look_alike_is_touched():
    touched = [redact(text).text != text for text, span in lines() if not span]
    assert sum(touched) / len(touched) <= 0.03


def test_a_secret_keeps_its_placeholder_and_others_get_their_own():
    redacted = redact("mail a@x.example and b@x.example, then a@x.example again")
    assert redacted.text == "mail [email-1] and [email-2], then [email-1] again"
    assert redacted.counts == {"email": 2}


def test_placeholders_hold_across_the_texts_of_one_redactor():
    redactor = Redactor()
    assert redactor.text("ask a@x.example") == "ask [email-1]"
    assert redactor.text("a@x.example, b@x.example") == "[email-1], [email-2]"


def test_redacting_twice_changes_nothing_more():
    once = redact("password: hunter2-fake, card 4242 4242 4242 4242, call +44 7700 900123").text
    assert redact(once).text == once


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgres://app:s3cr3t-pw@db/x", "postgres://app:[password-1]@db/x"),
        ("IBAN DE89 3704 0044 0532 0130 00 ok", "IBAN [iban-1] ok"),
        ("card 4242 4242 4242 4242", "card [card-1]"),
        ("card 4242 4242 4242 4241", "card 4242 4242 4242 4241"),
        ("call (555) 123-4567", "call [phone-1]"),
        ("from fe80::1ff:fe23:4567:890a", "from [ip-1]"),
        ("at 10:20:30 the error rate was 17%", "at 10:20:30 the error rate was 17%"),
        ("1,206 executives, 2,196 refunds, EX1061430", "1,206 executives, 2,196 refunds, EX1061430"),
        ("the password is wrong and the token limit is 8192", "the password is wrong and the token limit is 8192"),
    ],
)
def test_each_kind(text, shown):
    assert redact(text).text == shown


@pytest.mark.parametrize("piece", ["a.b-", "1 ", "a_", "a@", "key ", "-----BEGIN PRIVATE KEY-----\n", "a:", "eyJ"])
def test_hostile_repetition_takes_no_time(piece):
    text = piece * (60_000 // len(piece))
    started = time.process_time()
    redact(text)
    assert time.process_time() - started < 3


UNSEEN = [
    "use acme_live_9fKq2Lm8Zx4Vb7Nc1Rt5Wp3 for now",
    "Authorization: Api-Key fK2mQ9zLx7Vb4Nc1Rt5Wp",
    "run it with --api-key nG7x2Kq9Lm4Vb8Zc1Rt5",
    "export ACME_TOKEN=zq81Kd0PlmXw92nsTTe4",
    "curl -H 'X-Acme-Key: Qm4v9Xc2Lp8Rt6Wz1Yb3' there",
    "the webhook secret is nG7x2Kq9Lm4Vb8Zc1Rt5",
    "rotated credential = b64:c2VjcmV0LXRva2VuLTEyMzQ1Njc4OTA=",
    "zk-prod-3fKq2Lm8Zx4Vb7Nc1Rt5Wp3Ys6 was in the log",
]
LOOK_ALIKES = [
    "commit 9f2c1e4 is the culprit",
    "sha256:3b1f0c9a8e7d6c5b4a392817f6e5d4c3b2a19080",
    "request id 7d3f9c2e-1b4a-4c8d-9e0f-123456789abc",
    "the build is gpt-4o-2024-08-06, model version v2.3.1-rc4",
    "key finding: EX1061430 and EX1064599",
    "pod checkout-7d9f8b6c5-x2kqz restarted",
    "trace 4bf92f3577b34da6a3ce929d0e0e4736",
    "feature ip_country_mismatch, table hr_legacy_v3, token limit 8192",
]


@pytest.mark.parametrize("text", UNSEEN)
def test_a_new_kind_of_secret_is_found_by_its_place_and_its_randomness(text):
    assert redact(text).counts == {"secret": 1}


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_what_only_looks_random_stays(text):
    assert redact(text).text == text


def test_what_is_taken_out_can_be_put_back_and_personal_data_be_spared():
    redactor = Redactor()
    text = "mail a@x.example, password: hunter2-fake"
    assert redactor.restored(redactor.text(text)) == text
    assert Redactor(spared=PERSONAL).text(text) == "mail a@x.example, password: [password-1]"
