"""Speech recognition: engines, voice activity, decoding, hallucinations."""
