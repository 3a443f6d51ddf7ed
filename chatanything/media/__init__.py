"""Reading and writing of pictures, sound and video; nothing else touches media files."""
