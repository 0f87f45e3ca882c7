"""The prompts as files: ``*.md.j2`` are templates, ``voice.md`` is the house style."""
