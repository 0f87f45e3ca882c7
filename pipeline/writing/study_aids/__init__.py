"""What is added to a finished chapter where a user asks for it: a summary, questions."""
