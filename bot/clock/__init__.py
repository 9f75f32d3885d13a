"""What happens later: rules of recurrence, and the loop that runs what is due."""
