"""What the stages stand on: artifacts, staleness, locks, files written whole."""
