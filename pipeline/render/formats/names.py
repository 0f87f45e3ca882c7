"""The names of the export formats; light, so that ``--help`` can list them."""

from __future__ import annotations

FORMATS = ("html", "md", "ipynb", "py", "epub", "pdf", "docx", "latex")
