"""Calls are paced per workspace and method, and a long wait is told instead of slept."""

from __future__ import annotations

import pytest

from app.ports.chat import ChatBusy
from app.slack.gateway.limits import Bucket, Limits
from app.slack.gateway.methods import METHODS

BOOKMARK = METHODS["bookmarks.add"]
POST = METHODS["chat.postMessage"]


class Wall:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


async def test_a_burst_goes_through_and_then_one_an_interval():
    wall = Wall()
    limits = Limits(wall)
    for _ in range(BOOKMARK.per_minute // 2):
        await limits.pass_through(BOOKMARK)
    bucket = limits._buckets[BOOKMARK.name]
    assert bucket.wait_seconds(wall.now) == pytest.approx(3.0)
    wall.now += 3.0
    assert bucket.wait_seconds(wall.now) == pytest.approx(0.0)


async def test_a_wait_beyond_our_patience_is_told_at_once():
    wall = Wall()
    limits = Limits(wall)
    limits.asked_to_wait(POST, 12)
    with pytest.raises(ChatBusy) as busy:
        await limits.pass_through(POST, "C1")
    assert busy.value.retry_after_seconds == pytest.approx(12)
    wall.now += 12
    await limits.pass_through(POST, "C1")


async def test_one_channel_full_of_posts_does_not_hold_up_another():
    wall = Wall()
    limits = Limits(wall)
    for _ in range(5):
        await limits.pass_through(POST, "C1")
    assert limits._buckets["post:C1"].wait_seconds(wall.now) == pytest.approx(1.0)
    await limits.pass_through(POST, "C2")


def test_over_a_minute_no_more_calls_start_than_slack_allows_and_half_of_that():
    bucket, now, started = Bucket(3.0, 10), 0.0, 0
    while now <= 60:
        if bucket.wait_seconds(now) <= 0:
            bucket.take(now)
            started += 1
        else:
            now += 0.25
    assert started <= 31


def test_idle_buckets_are_forgotten():
    wall = Wall()
    limits = Limits(wall)
    for number in range(600):
        limits._for(POST, f"C{number}")
    assert len(limits._buckets) < 510
