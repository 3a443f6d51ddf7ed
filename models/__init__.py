"""Shipped weights, one folder a model."""
