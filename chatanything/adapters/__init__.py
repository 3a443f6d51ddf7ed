"""Characters in other people's real-time frameworks."""
