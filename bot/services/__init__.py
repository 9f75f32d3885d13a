"""What the system knows and does."""
