"""What Wayside knows and does. Knows no dialog and no channel."""
