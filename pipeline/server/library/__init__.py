"""The library page: chapters as cards, the books they are in."""
