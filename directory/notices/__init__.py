"""The letters of the directory, by subject."""
