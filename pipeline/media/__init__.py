"""The video: fetching, probing, audio, the screen and what is written on it."""
