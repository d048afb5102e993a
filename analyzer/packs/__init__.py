"""Data files made into checked objects."""
