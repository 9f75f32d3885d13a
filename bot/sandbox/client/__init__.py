"""The sandbox's other side: JSON calls that play the people."""
