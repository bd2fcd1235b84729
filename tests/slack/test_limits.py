"""Calls are paced per workspace and method, and a long wait is told instead of slept."""

from __future__ import annotations

import asyncio
import random

import pytest

from app.ports.chat import ChatBusy
from app.slack.gateway.limits import BACKGROUND_SHARE, WINDOW_SECONDS, Limits, Window
from app.slack.gateway.methods import METHODS

BOOKMARK = METHODS["bookmarks.add"]
POST = METHODS["chat.postMessage"]
HISTORY = METHODS["conversations.history"]


class Wall:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


async def test_as_many_as_slack_allows_in_a_minute_go_through_at_once_and_the_next_waits_for_the_first_to_be_old():
    wall = Wall()
    limits = Limits(wall)
    for _ in range(BOOKMARK.per_minute):
        await limits.pass_through(BOOKMARK)
    with pytest.raises(ChatBusy) as busy:
        await limits.pass_through(BOOKMARK)
    assert busy.value.retry_after_seconds == pytest.approx(WINDOW_SECONDS)
    wall.now += WINDOW_SECONDS
    await limits.pass_through(BOOKMARK)


async def test_a_wait_beyond_our_patience_is_told_at_once():
    wall = Wall()
    limits = Limits(wall)
    limits.asked_to_wait(POST, 12)
    with pytest.raises(ChatBusy) as busy:
        await limits.pass_through(POST, "C1")
    assert busy.value.retry_after_seconds == pytest.approx(12)
    wall.now += 12
    await limits.pass_through(POST, "C1")


async def test_who_waits_already_waits_on_when_slack_says_so_to_another():
    limits = Limits()
    limits.asked_to_wait(POST, 0.1)
    waiting = asyncio.create_task(limits.pass_through(POST, "C1"))
    await asyncio.sleep(0)
    began = limits.monotonic()
    limits.asked_to_wait(POST, 0.4)
    await waiting
    assert limits.monotonic() - began >= 0.39


async def test_one_channel_full_of_posts_does_not_hold_up_another():
    wall = Wall()
    limits = Limits(wall)
    for _ in range(5):
        await limits.pass_through(POST, "C1")
    assert limits._windows["post:C1"].wait_seconds(wall.now) == pytest.approx(5.0)
    await limits.pass_through(POST, "C2")


async def test_what_is_read_in_the_background_leaves_room_for_what_responders_wait_for():
    wall = Wall()
    limits = Limits(wall)
    for _ in range(int(HISTORY.per_minute * BACKGROUND_SHARE)):
        await limits.pass_through(HISTORY, background=True)
    assert limits._windows[HISTORY.name].wait_seconds(wall.now, BACKGROUND_SHARE) == pytest.approx(WINDOW_SECONDS)
    await limits.pass_through(HISTORY)


def test_in_no_minute_more_calls_start_than_slack_allows():
    chance = random.Random(2)
    window, now, started = Window(10, 60.0), 0.0, []
    while now < 600:
        now += chance.random() * 3
        at = now + max(0.0, window.wait_seconds(now, chance.choice((1.0, 0.5))))
        window.take(at)
        started.append(at)
    for at in started:
        assert sum(at - 59.999 < other <= at for other in started) <= 10


def test_idle_windows_are_forgotten():
    wall = Wall()
    limits = Limits(wall)
    for number in range(600):
        limits._for(POST, f"C{number}")
    assert len(limits._windows) < 510
