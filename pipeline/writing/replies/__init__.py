"""What becomes of a reply: cleaned, joined to its neighbours, or replaced by the transcript."""
