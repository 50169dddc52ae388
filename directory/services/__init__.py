"""Every write of the directory, by subject. A refusal is a ValidationError with a code."""
