"""The session folder and the database."""
