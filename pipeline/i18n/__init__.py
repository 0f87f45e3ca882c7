"""The words that pages and chapters add, in the languages there are; English for all others."""
