"""A conversation in real time: words in, sound and pictures out on one clock."""
