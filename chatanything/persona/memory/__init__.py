"""What a character keeps of its conversations with one user: readable, editable, forgettable."""
