"""Words about people and what they use."""

from django import template
from django.utils.translation import gettext as _

from members.devices import names_of

register = template.Library()


@register.filter
def device(user_agent: str) -> str:
    """« Firefox · Windows », from what the browser says of itself."""
    return " · ".join(names_of(user_agent)) or _("Appareil inconnu")
