"""Block Kit is accepted and refused as Slack does."""

from typing import Any

import pytest

from app.workspace.blocks import check_blocks, check_options, check_view, too_long
from app.workspace.blocks.elements import ELEMENTS
from app.workspace.blocks.layout import BLOCKS, SURFACES

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str) -> Json:
    return {"text": plain(value), "value": value}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("Go"), "action_id": "go"} | more


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn("words")} | more


def asking(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("Label"), "element": element} | more


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": [option("a"), option("b")]} | more


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Title"), "submit": plain("Send"), "blocks": list(blocks)} | more


def chart(**more: Any) -> Json:
    series = [{"name": "failures", "data": [{"label": "before", "value": 9}, {"label": "after", "value": 1}]}]
    bars = {"type": "bar", "series": series, "axis_config": {"categories": ["before", "after"]}} | more
    return {"type": "data_visualization", "title": "Trials", "chart": bars}


RIGHT = [
    section(),
    section(fields=[mrkdwn("a")] * 10, accessory=button(value="v" * 2000, style="danger")),
    section(accessory=select(initial_option=option("a"))),
    {"type": "header", "text": plain("h" * 150)},
    {"type": "divider"},
    {"type": "context", "elements": [mrkdwn("a"), plain("b")]},
    {"type": "actions", "elements": [button(action_id=f"go{n}") for n in range(25)]},
    {"type": "actions", "elements": [{"type": "users_select", "action_id": "who"}]},
    {"type": "actions", "elements": [{"type": "overflow", "action_id": "more", "options": [option("a")]}]},
    {"type": "image", "image_url": "https://x.example/i.png", "alt_text": "a chart"},
    {"type": "markdown", "text": "# hello"},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]},
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
    chart(),
    {"type": "card", "title": mrkdwn("A card"), "actions": [button()]},
]


@pytest.mark.parametrize("block", RIGHT, ids=lambda block: block["type"])
def test_a_right_block_passes(block: Json) -> None:
    assert check_blocks([block], "message") == []


WRONG = [
    ({"type": "shout"}, "/blocks/0/type"),
    ({}, "/blocks/0/type"),
    ("words", "/blocks/0"),
    ({"type": "section"}, "/blocks/0"),
    (section(text=mrkdwn("x" * 3001)), "/blocks/0/text/text"),
    (section(text=mrkdwn("")), "/blocks/0/text/text"),
    (section(text={"type": "markdown", "text": "x"}), "/blocks/0/text/type"),
    (section(fields=[mrkdwn("a")] * 11), "/blocks/0/fields"),
    (section(fields=[mrkdwn("x" * 2001)]), "/blocks/0/fields/0/text"),
    (section(block_id="b" * 256), "/blocks/0/block_id"),
    (section(colour="red"), "colour"),
    (section(accessory={"type": "plain_text_input", "action_id": "a"}), "/blocks/0/accessory/type"),
    (section(accessory=button(value="v" * 2001)), "/blocks/0/accessory/value"),
    (section(accessory=button(text=mrkdwn("Go"))), "/blocks/0/accessory/text/type"),
    (section(accessory=button(text=plain("x" * 76))), "/blocks/0/accessory/text/text"),
    (section(accessory=button(style="loud")), "/blocks/0/accessory/style"),
    (section(accessory=select(options=[])), "/blocks/0/accessory/options"),
    (section(accessory=select(options=[option(f"o{n}") for n in range(101)])), "/blocks/0/accessory/options"),
    (section(accessory=select(initial_option=option("c"))), "/blocks/0/accessory"),
    (section(accessory=select(options=[{"text": plain("a"), "value": "v" * 151}])), "/value"),
    ({"type": "header", "text": plain("h" * 151)}, "/blocks/0/text/text"),
    ({"type": "header", "text": mrkdwn("h")}, "/blocks/0/text/type"),
    ({"type": "context", "elements": []}, "/blocks/0/elements"),
    ({"type": "context", "elements": [mrkdwn("a")] * 11}, "/blocks/0/elements"),
    ({"type": "context", "elements": [button()]}, "/blocks/0/elements/0/type"),
    ({"type": "actions", "elements": [button(action_id=f"g{n}") for n in range(26)]}, "/blocks/0/elements"),
    ({"type": "actions", "elements": [button(), button()]}, "already exists for this block"),
    ({"type": "image", "image_url": "https://x.example/i.png"}, "alt_text"),
    ({"type": "markdown", "text": "x" * 12_001}, "/blocks/0/text"),
    (asking({"type": "plain_text_input", "action_id": "a"}), "in a message"),
    ({"type": "alert", "text": mrkdwn("careful")}, "in a message"),
    (chart(series=[]), "/blocks/0/chart/series"),
    (chart(axis_config={"categories": ["after", "before"]}), "/blocks/0/chart/series/0/data"),
]


@pytest.mark.parametrize(("block", "where"), WRONG, ids=lambda value: value if isinstance(value, str) else "")
def test_a_wrong_block_is_refused_with_the_place(block: Any, where: str) -> None:
    problems = check_blocks([block], "message")
    assert problems
    assert where in " ".join(problems)


def test_a_message_takes_fifty_blocks_and_a_modal_a_hundred() -> None:
    assert check_blocks([{"type": "divider"}] * 50, "message") == []
    assert check_blocks([{"type": "divider"}] * 51, "message")
    assert check_view(modal(*[{"type": "divider"}] * 100), "modal") == []
    assert check_view(modal(*[{"type": "divider"}] * 101), "modal")


def test_block_ids_are_unique_and_action_ids_within_their_block() -> None:
    assert check_blocks([section(block_id="a"), section(block_id="a")], "message")
    one = {"type": "actions", "elements": [button()]}
    assert check_blocks([one, one], "message") == []


def test_a_message_holds_one_table_and_two_charts() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}
    assert check_blocks([table, table], "message")
    assert check_blocks([chart(), chart()], "message") == []
    assert check_blocks([chart(), chart(), chart()], "message")


def test_all_the_text_of_a_message_together_is_limited() -> None:
    assert not too_long([section(text=mrkdwn("x" * 3000))] * 4)
    assert too_long([section(text=mrkdwn("x" * 3000))] * 5)


FIELD = asking({"type": "plain_text_input", "action_id": "title"}, block_id="title")


@pytest.mark.parametrize(
    ("view", "where"),
    [
        (modal(title=plain("t" * 25)), "/view/title/text"),
        (modal(submit=plain("s" * 25)), "/view/submit/text"),
        (modal(private_metadata="x" * 3001), "/view/private_metadata"),
        (modal(callback_id="x" * 256), "/view/callback_id"),
        (modal(FIELD, submit=None), "submit"),
        (modal(FIELD, FIELD), "already exists"),
        ({"type": "modal", "blocks": []}, "title"),
        ({"type": "modal", "title": plain("t")}, "blocks"),
        ({"type": "home", "blocks": []}, "/view/type"),
        (modal({"type": "markdown", "text": "x"}), "in a modal"),
        (modal(asking(button())), "/view/blocks/0/element/type"),
        (modal(asking({"type": "plain_text_input", "action_id": "a", "max_length": 3001})), "max_length"),
        (modal(asking({"type": "number_input", "action_id": "n"})), "is_decimal_allowed"),
        (modal(asking({"type": "datepicker", "action_id": "d", "initial_date": "today"})), "initial_date"),
        (modal(asking(select(focus_on_load=True)), asking(select(focus_on_load=True))), "focus_on_load"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_view_is_refused_with_the_place(view: Json, where: str) -> None:
    assert where in " ".join(check_view(view, "modal"))


def test_a_right_view_passes() -> None:
    checkboxes = {"type": "checkboxes", "action_id": "c", "options": [option("a")], "initial_options": [option("a")]}
    fields = (
        FIELD,
        asking(select()),
        asking(checkboxes, optional=True),
        asking({"type": "number_input", "action_id": "n", "is_decimal_allowed": False}),
        asking({"type": "external_select", "action_id": "e", "min_query_length": 0}),
        {"type": "alert", "text": mrkdwn("careful"), "level": "warning"},
    )
    assert check_view(modal(*fields, callback_id="declare.submit"), "modal") == []
    assert check_view({"type": "home", "blocks": [section()]}, "home") == []


def test_a_home_view_has_no_frame() -> None:
    assert check_view({"type": "home", "title": plain("t"), "blocks": []}, "home")


def test_offered_options_are_checked() -> None:
    assert check_options({"options": []}) == []
    assert check_options({"options": [option("a")] * 101})
    assert check_options({"options": [{"text": mrkdwn("a"), "value": "a"}]})
    assert check_options(None)


def test_every_surface_row_names_a_block_and_every_place_an_element() -> None:
    from app.workspace.blocks import elements

    assert set(SURFACES) <= set(BLOCKS)
    assert {*elements.IN_SECTION, *elements.IN_ACTIONS, *elements.IN_INPUT} <= set(ELEMENTS)
