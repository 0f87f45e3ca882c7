"""The plan of the chapter."""
