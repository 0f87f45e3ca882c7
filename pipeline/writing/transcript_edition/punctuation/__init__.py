"""English speech without punctuation, as sentences."""
