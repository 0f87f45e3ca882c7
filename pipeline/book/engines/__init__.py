"""Running a book's plan: processes of this machine, or Ray."""
