"""Check-ins and surveys: asked in rounds, answered with a tap; presence at places."""
