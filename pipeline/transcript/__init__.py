"""The transcript: cues and words, and where they come from."""
