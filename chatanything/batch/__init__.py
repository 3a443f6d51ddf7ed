"""Many videos from one list of jobs."""
