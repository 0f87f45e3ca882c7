"""The chapter as pages and files."""
