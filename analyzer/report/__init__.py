"""The result document and its writers."""
