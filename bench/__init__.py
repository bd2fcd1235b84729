"""Measurements of the running product, side by side with what it is compared to: `python -m bench`."""
