"""Forms: what people say of themselves (`account`), what staff change of others (`staff`)."""
