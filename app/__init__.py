"""A Slack bot that runs the response when an AI system fails."""

__version__ = "0.1.0"
