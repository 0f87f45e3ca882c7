"""What is known of each language: its codes, scripts, stop words; which one a text is in."""
