"""Pages of the simulator, by reader: people (`pages`), machines (`machines`)."""

from simulator.views.machines import api, image, tools
from simulator.views.pages import embed, home

__all__ = ["api", "embed", "home", "image", "tools"]
