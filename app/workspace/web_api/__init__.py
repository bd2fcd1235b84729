"""Slack's Web API over the workspace: one module a family of methods."""
