"""The chapter as typed blocks: one parser reads them, one serialiser writes them. Pure."""
