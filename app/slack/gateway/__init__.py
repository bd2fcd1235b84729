"""The chat, spoken through Slack's Web API: limits, errors, and nothing posted twice."""
