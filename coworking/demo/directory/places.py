"""Communes and trades: real ones, shipped with the directory."""

from directory.models import Commune, Trade
from directory.services.reference import lay_down


def places_and_trades() -> tuple[dict[str, Commune], dict[str, Trade]]:
    """Both by slug, laid down first where they are missing."""
    lay_down()
    return (
        {commune.slug: commune for commune in Commune.objects.order_by("pk")},
        {trade.slug: trade for trade in Trade.objects.order_by("pk")},
    )
