"""Kills workers at random while they publish to a network that answers wrongly, and then counts the posts."""
