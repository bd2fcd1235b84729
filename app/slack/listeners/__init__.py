"""What the product does when somebody commands, presses, submits or opens something in Slack."""
