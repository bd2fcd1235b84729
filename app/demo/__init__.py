"""The demo: a local Slack workspace, the product connected to it, and one scripted incident."""
