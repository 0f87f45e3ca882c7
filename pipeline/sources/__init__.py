"""Fetching: what a user names becomes a video with its captions in the download folder."""
