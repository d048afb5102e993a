"""Record formats: the only code that knows how evidence looks on disk."""
