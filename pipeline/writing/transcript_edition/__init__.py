"""The chapter without a language model."""
