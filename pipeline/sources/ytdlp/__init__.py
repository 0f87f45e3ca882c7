"""Sites, links and streams, through yt-dlp."""
