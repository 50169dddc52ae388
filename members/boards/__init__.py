"""What the pages of people and of membership show, ready to be written by their templates."""
