"""Writing the chapter: outline, chunks, prompt context, drafts, checks, seams."""
