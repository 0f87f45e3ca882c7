"""The video file: probing, audio, its pictures and what is written on them."""
