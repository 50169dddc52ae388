"""The form of the simulator."""

from simulator.forms.question import QuestionForm

__all__ = ["QuestionForm"]
