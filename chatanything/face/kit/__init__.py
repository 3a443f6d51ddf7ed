"""Parametric characters drawn by sphere tracing signed distance fields: template, guidance and data."""
