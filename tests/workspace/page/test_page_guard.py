"""The page can act as anybody, so only the page itself may ask it to."""

from typing import Any

import pytest
from aiohttp import WSServerHandshakeError


async def test_the_page_allows_nothing_from_outside(scene: Any) -> None:
    answer = await scene.as_("ada").get("/page/")
    assert answer.status == 200
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "foreign",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_site_can_neither_look_nor_act(scene: Any, foreign: dict[str, str]) -> None:
    ada, channel = scene.as_("ada"), scene.channel("general")
    assert (await ada.get(f"/page/as/{ada.person}/sidebar", headers=foreign)).status == 403
    url = f"{scene.server.url}/page/as/{ada.person}/say"
    said = await scene.session.post(url, json={"channel": channel, "text": "forged"}, headers=foreign)
    assert said.status == 403
    assert await ada.messages(channel) == []


async def test_another_site_can_not_listen(scene: Any) -> None:
    ada = scene.as_("ada")
    with pytest.raises(WSServerHandshakeError, match="403"):
        await scene.session.ws_connect(
            f"{scene.server.url}/page/as/{ada.person}/changes", headers={"Origin": "https://evil.example"}
        )


async def test_the_page_itself_may_act(scene: Any) -> None:
    ada = scene.as_("ada")
    own = {"Origin": scene.server.url, "Sec-Fetch-Site": "same-origin"}
    url = f"{scene.server.url}/page/as/{ada.person}/say"
    said = await scene.session.post(url, json={"channel": scene.channel("general"), "text": "hello"}, headers=own)
    assert said.status == 200


async def test_a_plain_form_is_not_taken(scene: Any) -> None:
    """A form is what another site could send without the browser asking first."""
    ada = scene.as_("ada")
    url = f"{scene.server.url}/page/as/{ada.person}/say"
    assert (await scene.session.post(url, data={"text": "forged"})).status == 415
    for body, said in (("{", "the body is not JSON"), ("[]", "the body must be an object")):
        answer = await scene.session.post(url, data=body, headers={"Content-Type": "application/json"})
        assert (answer.status, (await answer.json())["message"]) == (400, said)


async def test_unknown_deeds_and_files_are_not_found(scene: Any) -> None:
    ada = scene.as_("ada")
    assert (await scene.session.post(f"{scene.server.url}/page/as/{ada.person}/fly", json={})).status == 404
    for name in ("nothing.js", "..%2Froutes.py", "%2e%2e%2froutes.py"):
        assert (await ada.get(f"/page/static/{name}")).status == 404


async def test_an_uploaded_page_can_not_run_anything(scene: Any) -> None:
    ada, channel = scene.as_("ada"), scene.channel("general")
    await ada.act("say", channel=channel, text="", files=[{"name": "x.html", "content": "PHNjcmlwdD4="}])
    file = (await ada.messages(channel))[0]["files"][0]
    answer = await ada.get(file["url"])
    assert await answer.text() == "<script>"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
