"""Answering questions from what a chapter says, each sentence with its second."""
