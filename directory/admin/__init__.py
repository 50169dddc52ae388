"""The directory in the admin, by subject."""
