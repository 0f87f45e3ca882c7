"""Fetching: what a person names becomes a video with its captions in the download folder."""
