"""Code on the screen, as cells."""
