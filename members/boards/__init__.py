"""What the pages of people show, ready for their templates."""
