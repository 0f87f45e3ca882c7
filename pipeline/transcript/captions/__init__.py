"""Caption files to cues of the transcript."""
