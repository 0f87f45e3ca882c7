"""What calls cost: limits of money, tokens and calls a minute; the account of a book."""
