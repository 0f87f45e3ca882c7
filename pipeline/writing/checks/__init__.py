"""What a program can check of a written chunk."""
