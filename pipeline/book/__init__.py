"""A course becomes a book: many lectures, one plan, one account, one site."""
