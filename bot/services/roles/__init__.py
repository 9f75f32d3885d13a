"""Who may do what, and how roles are proposed, confirmed and taken away."""
