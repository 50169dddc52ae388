"""What this floor keeps of a person, ready to be handed over: one section for each table."""

from members.personal_data.people import documents_of, history_of, place_in, sections
from members.personal_data.section import Row, Section, rows_of

__all__ = ["Row", "Section", "documents_of", "history_of", "place_in", "rows_of", "sections"]
