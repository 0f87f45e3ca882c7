"""Lecture video in, book chapter out. The command line is ``python -m pipeline``."""

__version__ = "0.1.0"
