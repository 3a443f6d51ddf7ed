"""What made a file, signed into it (C2PA) and beside it, and the consent of real people."""
