"""Several workspaces install the app in a browser, each sees its own, and one leaves and comes back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from app.domain.errors import BadSetup
from app.services.actor import Actor
from app.workspace import announce, faults
from tests.scenarios.site import (
    ADA,
    MANIFEST,
    Site,
    ask_slack,
    asked,
    declare,
    everything,
    expire_soon,
    installation,
    pending,
    renewals,
    room,
)


@pytest.fixture
async def site(database_url: str) -> AsyncIterator[Site]:
    site = Site(database_url)
    await site.server.start()
    yield site
    await site.stop()


@pytest.fixture
async def rotating(database_url: str) -> AsyncIterator[Site]:
    """The same, where the app has turned token rotation on."""
    site = Site(database_url, token_lifetime_seconds=43_200)
    await site.server.start()
    yield site
    await site.stop()


async def test_two_workspaces_install_declare_and_see_each_only_its_own(site: Site) -> None:
    product = await site.serve()
    browser = site.browser()
    for workspace in (site.meridian, site.northwind):
        status, page = await browser.install(workspace.team.id)
        assert status == 200
        assert f"is installed in {workspace.team.name}" in page
    await declare(site.meridian, "The agent deletes orders")
    await declare(site.northwind, "The chatbot names customers")
    for workspace, title in ((site.meridian, "agent-deletes"), (site.northwind, "chatbot-names")):
        there = room(workspace)
        assert there is not None
        assert there.name.startswith("inc-1-")
        assert title in there.name
    await site.meridian.person("ben").say(room(site.meridian).id, "Orders 100 to 140 are gone")  # type: ignore[union-attr]
    await site.meridian.events.settled()
    assert "chatbot" not in everything(site.meridian).lower()
    assert "agent deletes" not in everything(site.northwind).lower()
    boards = product.services.board
    mine, theirs = Actor(site.meridian.team.id, ADA), Actor(site.northwind.team.id, ADA)
    assert [one.title for one in await boards.open_incidents(mine)] == ["The agent deletes orders"]
    assert [one.title for one in await boards.open_incidents(theirs)] == ["The chatbot names customers"]
    assert (await boards.incident(theirs, "INC-1")).title == "The chatbot names customers"
    async with product.bench.store.read() as uow:
        (northwind,) = await uow.incidents.open(site.northwind.team.id)
        said = [entry.text for entry in await uow.timeline.entries(northwind.id or 0)]
    assert "Orders 100 to 140 are gone" not in said


async def test_many_workspaces_are_served_through_one_socket_too(site: Site) -> None:
    product = await site.serve(slack_app_token=site.meridian.app.app_token)
    for workspace in (site.meridian, site.northwind):
        workspace.app.request_url = None
        await site.browser().install(workspace.team.id)
    await declare(site.northwind, "The chatbot names customers")
    await declare(site.meridian, "The agent deletes orders")
    site.northwind.uninstall()
    await site.northwind.events.settled()
    assert (await installation(product, site.northwind.team.id)).bot_token is None
    assert (await installation(product, site.meridian.team.id)).bot_token


async def test_no_token_and_no_state_lies_in_the_database_in_the_clear(rotating: Site) -> None:
    await rotating.serve()
    browser = rotating.browser()
    await browser.install(rotating.meridian.team.id)
    state = parse_qs(urlsplit(await browser.offered()).query)["state"][0]
    stored = await rotating.everything_stored()
    assert "T0MERIDIAN" in stored
    assert "xox" not in stored
    assert state not in stored


async def test_the_product_is_ready_before_anybody_has_installed_it_and_after_a_restart(site: Site) -> None:
    product = await site.serve()
    assert (await site.browser().follow(f"http://127.0.0.1:{product.port}/readyz"))[0] == 200
    await site.browser().install(site.meridian.team.id)
    again = await site.serve()
    assert (await site.browser().follow(f"http://127.0.0.1:{again.port}/readyz"))[0] == 200
    await declare(site.meridian, "The agent deletes orders")


async def test_events_cost_no_question_to_slack_who_we_are(site: Site) -> None:
    await site.serve()
    await site.browser().install(site.meridian.team.id)
    there = await declare(site.meridian, "The agent deletes orders")
    asked = sum(call.method == "auth.test" for call in site.meridian.calls)
    for number in range(10):
        await site.meridian.person("ben").say(there.id, f"Still deleting, {number}")
    await site.meridian.events.settled()
    assert sum(call.method == "auth.test" for call in site.meridian.calls) == asked


async def test_five_events_with_an_expiring_token_renew_it_once(rotating: Site) -> None:
    product = await rotating.serve()
    await rotating.browser().install(rotating.meridian.team.id)
    before = await installation(product, rotating.meridian.team.id)
    await expire_soon(product, rotating.meridian.team.id)
    people = [rotating.meridian.person(name) for name in ("ada", "ben", "chen", "dara", "eli")]
    await asyncio.gather(*(person.command("/ai-incident", "", "general") for person in people))
    for person in people:
        await rotating.meridian.until(person.modal)
    assert renewals(rotating.meridian) == 1
    after = await installation(product, rotating.meridian.team.id)
    assert after.bot_token != before.bot_token
    assert after.refresh_token != before.refresh_token


async def test_a_token_that_slack_says_has_expired_is_renewed_once_and_the_call_made_again(rotating: Site) -> None:
    await rotating.serve()
    await rotating.browser().install(rotating.meridian.team.id)
    rotating.meridian.tokens.expire_all()
    people = [rotating.meridian.person(name) for name in ("ada", "ben", "chen", "dara", "eli")]
    await asyncio.gather(*(person.command("/ai-incident", "", "general") for person in people))
    for person in people:
        await rotating.meridian.until(person.modal)
    assert renewals(rotating.meridian) == 1


async def test_replicas_renew_a_token_once_between_them(rotating: Site) -> None:
    replicas = [await rotating.serve(), await rotating.serve(), await rotating.serve()]
    team = rotating.meridian.team.id
    await rotating.browser().install(team)
    await expire_soon(replicas[0], team, minutes=0)
    await asyncio.gather(*(ask_slack(replica, team) for replica in replicas for _ in range(3)))
    assert renewals(rotating.meridian) == 1


async def test_a_renewal_that_fails_lets_the_old_token_go_on(rotating: Site) -> None:
    product = await rotating.serve()
    team = rotating.meridian.team.id
    await rotating.browser().install(team)
    await expire_soon(product, team)
    is_renewal = {"when": lambda args: args.get("grant_type") == "refresh_token"}
    for workspace in (rotating.meridian, rotating.northwind):
        workspace.faults.add("oauth.v2.access", faults.http_500(), times=None, **is_renewal)
    await asyncio.gather(*(ask_slack(product, team) for _ in range(5)))
    await ask_slack(product, team)
    assert sum(call.args.get("grant_type") == "refresh_token" for call in rotating.meridian.calls) == 1


async def test_who_uninstalls_leaves_no_token_and_owes_nothing_until_coming_back(site: Site) -> None:
    product = await site.serve()
    browser, team = site.browser(), site.meridian.team.id
    await browser.install(team)
    await browser.install(site.northwind.team.id)
    there = await declare(site.meridian, "The agent deletes orders")
    await site.meridian.person("ben").say(there.id, "Orders 100 to 140 are gone")
    await declare(site.northwind, "The chatbot names customers")
    await product.settled()
    owed = await pending(product, team)
    assert owed
    site.meridian.uninstall()
    await site.meridian.events.settled()
    gone = await installation(product, team)
    assert gone.uninstalled_at is not None
    assert (gone.bot_token, gone.refresh_token, gone.expires_at) == (None, None, None)
    assert await pending(product, team) == []
    assert await pending(product, site.northwind.team.id)
    await site.northwind.person("ada").command("/ai-incident", "", "general")
    await site.northwind.until(site.northwind.person("ada").modal)
    await product.backfill.all()
    assert await pending(product, team) == []

    status, _ = await browser.install(team)
    assert status == 200
    assert set(owed) <= set(await pending(product, team))
    await site.meridian.person("ben").say(there.id, "And orders 200 to 210")
    await site.meridian.events.settled()
    async with product.bench.store.read() as uow:
        (incident,) = await uow.incidents.open(team)
        entries = [entry.text for entry in await uow.timeline.entries(incident.id or 0)]
    assert "Orders 100 to 140 are gone" in entries
    assert "And orders 200 to 210" in entries


async def test_late_news_of_an_earlier_uninstallation_ends_nothing(site: Site) -> None:
    product = await site.serve()
    browser, team = site.browser(), site.meridian.team.id
    await browser.install(team)
    site.meridian.uninstall()
    await site.meridian.events.settled()
    await browser.install(team)
    async with product.bench.store.write() as uow:
        row = await uow.installations.of(team)
        assert row is not None
        row.installed_at += timedelta(seconds=5)
    for delivery in list(site.meridian.events.deliveries):
        site.meridian.events.redeliver(delivery)
    await site.meridian.events.settled()
    assert (await installation(product, team)).uninstalled_at is None


async def test_the_news_is_delivered_again_while_the_store_is_down(site: Site) -> None:
    product = await site.serve()
    team = site.meridian.team.id
    await site.browser().install(team)
    site.meridian.events.retry_delays = (0.3, 0.5, 1.0)
    await asked(site.database_url, "ALTER TABLE installation RENAME TO hidden")
    site.meridian.uninstall()
    await site.meridian.until(lambda: all(one.last_error for one in site.meridian.events.deliveries))
    await asked(site.database_url, "ALTER TABLE hidden RENAME TO installation")
    await site.meridian.events.settled()
    assert all(one.outcome == "acknowledged" for one in site.meridian.events.deliveries)
    assert (await installation(product, team)).uninstalled_at is not None


async def test_a_person_s_own_token_that_is_revoked_ends_nothing(site: Site) -> None:
    product = await site.serve()
    team = site.meridian.team.id
    await site.browser().install(team)
    revoked = {"type": "tokens_revoked", "tokens": {"oauth": [ADA], "bot": []}, "event_ts": "1.000001"}
    announce.announce(site.meridian, "tokens_revoked", revoked)
    await site.meridian.events.settled()
    assert (await installation(product, team)).uninstalled_at is None


async def test_who_comes_back_with_a_state_that_is_not_theirs_is_sent_away(site: Site) -> None:
    product = await site.serve()
    mine, theirs = site.browser(), site.browser()
    state = parse_qs(urlsplit(await mine.offered()).query)["state"][0]
    await theirs.offered()
    code = site.meridian.oauth_code()
    for browser, given in ((theirs, state), (mine, state), (mine, "made-up"), (mine, ""), (site.browser(), "")):
        status, page = await browser.come_back(code=code, state=given)
        assert status == 400
        assert "Nothing was installed" in page
    async with product.bench.store.read() as uow:
        assert await uow.installations.active() == []


async def test_a_way_back_is_good_once(site: Site) -> None:
    await site.serve()
    browser = site.browser()
    state = parse_qs(urlsplit(await browser.offered()).query)["state"][0]
    assert (await browser.come_back(code=site.meridian.oauth_code(), state=state))[0] == 200
    assert (await browser.come_back(code=site.meridian.oauth_code(), state=state))[0] == 400


async def test_several_tabs_of_one_browser_may_install_side_by_side(site: Site) -> None:
    await site.serve()
    browser = site.browser()
    tabs = [await browser.offered(site.meridian.team.id), await browser.offered(site.northwind.team.id)]
    for address in tabs:
        assert (await browser.follow(address))[0] == 200


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"error": "access_denied"}, "did not agree"),
        ({"error": "<script>alert(1)</script>"}, "no reason given"),
        ({"code": "never-given"}, "invalid_code"),
        ({}, "no_code"),
    ],
)
async def test_what_went_wrong_is_said_in_plain_words(site: Site, query: dict[str, str], words: str) -> None:
    await site.serve()
    browser = site.browser()
    state = parse_qs(urlsplit(await browser.offered()).query)["state"][0]
    _, page = await browser.come_back(state=state, **query)
    assert words in page
    assert "Start again" in page
    assert "<script" not in page


async def test_while_slack_is_down_the_page_says_so(site: Site) -> None:
    await site.serve()
    browser = site.browser()
    address = await browser.offered(site.meridian.team.id)
    for workspace in (site.meridian, site.northwind):
        workspace.faults.add("oauth.v2.access", faults.http_500(), times=None)
    status, page = await browser.follow(address)
    assert status == 502
    assert "did not answer" in page


async def test_the_cookie_is_for_the_browser_alone_and_the_page_for_nobody_s_frame(site: Site) -> None:
    product = await site.serve(public_url="https://incidents.example.com")
    async with site.browser(product).session.get("/slack/install?team=https://evil.example") as answer:
        cookie = answer.headers["Set-Cookie"]
        address = unescape(re.findall(r'href="([^"]+)"', await answer.text())[0])
        policy = answer.headers["Content-Security-Policy"]
    assert all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/slack", "Max-Age=600"))
    assert "frame-ancestors 'none'" in policy
    assert address.startswith(f"{site.server.url}/oauth/v2/authorize?")
    asked = parse_qs(urlsplit(address).query)
    assert asked["redirect_uri"] == ["https://incidents.example.com/slack/oauth_redirect"]
    assert "team" not in asked
    assert set(asked["scope"][0].split(",")) == set(MANIFEST["oauth_config"]["scopes"]["bot"])


async def test_a_key_is_changed_by_naming_the_new_one_first(site: Site) -> None:
    old, new, other = "an-old-key-that-is-long-enough-for-it", "a-new-key-that-is-long-enough-for-it", "x" * 40
    await site.serve(token_encryption_key=[old])
    team = site.meridian.team.id
    await site.browser().install(team)
    await site.serve(token_encryption_key=[new, old])
    product = await site.serve(token_encryption_key=[new])
    await ask_slack(product, team)
    with pytest.raises(BadSetup, match="TOKEN_ENCRYPTION_KEY"):
        await site.serve(token_encryption_key=[other])
