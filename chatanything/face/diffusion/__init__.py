"""Landmark-guided diffusion of faces: text and a landmark map in, a portrait out."""
