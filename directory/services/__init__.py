"""Every write of the directory, by subject. Keyword-only, atomic; a refusal is a ValidationError."""
