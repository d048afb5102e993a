"""One script per step."""
