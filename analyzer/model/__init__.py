"""The nouns of the product: immutable records of evidence and of results; standard library only."""
