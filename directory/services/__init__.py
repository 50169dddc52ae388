"""Every write of the directory, by subject. Keyword-only, atomic; refused by ValidationError."""
