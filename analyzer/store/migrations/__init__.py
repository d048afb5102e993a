"""The database's history; each script is one step and is never changed afterwards."""
