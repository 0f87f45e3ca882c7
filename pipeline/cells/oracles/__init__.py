"""Trusted implementations that the functions of a chapter are held against."""
