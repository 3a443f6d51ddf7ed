"""Speech recognition and voice activity for conversations."""
