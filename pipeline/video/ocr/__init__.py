"""OCR: the text of a screen, line by line."""
