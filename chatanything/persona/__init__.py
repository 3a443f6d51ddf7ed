"""Personality: from a sentence to a checked persona card."""
