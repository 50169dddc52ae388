"""Who may open what: every address, every reader, in one table to be read (`table.txt`)."""
