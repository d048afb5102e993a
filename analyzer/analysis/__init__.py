"""Pure functions from evidence and packs to results."""
