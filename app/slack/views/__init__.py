"""The forms and pages that the product opens; pure."""
