"""Numbers in any language: digits, numerals of East Asia, words."""
