"""Training of the shipped models: every one is a command that builds its data itself and resumes."""
