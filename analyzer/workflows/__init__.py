"""The verbs of the product: the only place where the rooms meet."""
