"""What every language does its own way: scripts, punctuation, the space between words. Pure."""
