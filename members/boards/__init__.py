"""What pages of people show, ready to be written by their templates."""
