"""Many videos from one list, on this machine or on a Ray cluster."""
