"""What was entered is read alike from every kind of input."""

from app.slack.form_values import as_slack_sends, input_names, people, texts

VIEW = {
    "blocks": [{"type": "section"}, {"type": "input", "block_id": "title"}, {"type": "input", "block_id": "severity"}],
    "state": {
        "values": {
            "title": {"title": {"type": "plain_text_input", "value": "It leaks"}},
            "severity": {"severity": {"type": "static_select", "selected_option": {"value": "sev1"}}},
            "summary": {"summary": {"type": "plain_text_input", "value": None}},
            "owner": {"owner": {"type": "users_select", "selected_user": "U1"}},
            "invite": {"invite": {"type": "multi_users_select", "selected_users": ["U2", "U1", "U2"]}},
        }
    },
}


def test_filled_fields_are_read_and_empty_ones_left_out():
    assert texts(VIEW) == {"title": "It leaks", "severity": "sev1", "owner": "U1"}


def test_people_are_read_once_each_in_order():
    assert people(VIEW, "invite") == ("U2", "U1")
    assert people(VIEW, "owner") == ("U1",)
    assert people(VIEW, "nobody") == ()


def test_inputs_are_named_from_the_top():
    assert input_names(VIEW) == ["title", "severity"]
    assert texts({}) == {}


def test_words_of_a_form_are_escaped_like_those_of_a_message():
    assert as_slack_sends("a < b & <!channel>") == "a &lt; b &amp; &lt;!channel&gt;"
