"""The chapter as one file: HTML, EPUB, Markdown, notebook."""
