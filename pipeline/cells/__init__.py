"""Code in the article: extracting, running, comparing, judging."""
