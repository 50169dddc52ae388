"""What the pages of the directory show, ready for their templates."""
