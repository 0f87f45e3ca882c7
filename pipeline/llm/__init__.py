"""Asking a language model: client, reply cache, budget, prompts."""
