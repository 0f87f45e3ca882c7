"""What is known of each language: codes, scripts, stop words, connectives; which a text is in."""
