"""What is known of each language: its codes, scripts, stop words, connectives; which one a text is in."""
