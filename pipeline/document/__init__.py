"""The chapter: its plan, and typed blocks that one parser reads and one serialiser writes. Pure."""
