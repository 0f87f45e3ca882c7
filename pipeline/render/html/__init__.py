"""A section's Markdown as safe HTML."""
