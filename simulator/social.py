"""The answer as a picture for social networks: 1200 × 630, drawn on the server."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from simulator.answers import Answer

SIZE: Final = (1200, 630)
LEFT: Final = 80
WIDTH: Final = SIZE[0] - 2 * LEFT

# The palette of static/css/tokens.css.
PAGE, INK, SOFT = "#f8f6f1", "#1b2621", "#505c55"
SPRUCE, ROWAN = "#1b5e47", "#a42f2a"
RIDGES: Final = (
    ("#c5d8d3", ((0, 500), (210, 430), (420, 490), (700, 410), (960, 475), (1200, 425))),
    ("#8fb3a7", ((0, 535), (260, 470), (520, 530), (820, 455), (1200, 515))),
    ("#1f5a45", ((0, 560), (340, 530), (640, 565), (980, 520), (1200, 555))),
)
# The latin part of the font has neither thin spaces nor the small two of CO₂.
_PLAIN: Final = str.maketrans({"\u202f": "\u00a0", "\u2009": "\u00a0", "₂": "2"})


def draw(answer: Answer, place: str) -> bytes:
    """The PNG: headline, amount, what it comes with, and `place`, where it was found."""
    picture = Image.new("RGB", SIZE, PAGE)
    pen = ImageDraw.Draw(picture)
    for colour, line in RIDGES:
        pen.polygon([*line, (SIZE[0], SIZE[1]), (0, SIZE[1])], fill=colour)
    _line(pen, 72, _("Simulateur d’économies de trajet"), 30, 600, SPRUCE)
    _line(pen, 128, answer.headline, 40, 500, SOFT)
    _line(pen, 178, answer.amount, 132, 750, ROWAN if answer.loss else SPRUCE)
    figures = " · ".join(f"{figure.value} {figure.name}" for figure in answer.figures)
    _line(pen, 352, figures, 32, 500, INK)
    _line(pen, 574, place, 28, 600, PAGE)
    written = BytesIO()
    # Few colours: a quarter of the weight, and no difference to the eye.
    picture.quantize(96).save(written, "PNG", optimize=True)
    return written.getvalue()


def _line(
    pen: ImageDraw.ImageDraw, top: int, text: str, size: int, weight: int, colour: str
) -> None:
    """A line of text, smaller if it would not fit."""
    words = text.translate(_PLAIN)
    font = _font(size, weight)
    while font.getlength(words) > WIDTH and size > 16:
        size -= 2
        font = _font(size, weight)
    pen.text((LEFT, top), words, font=font, fill=colour)


@cache
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    path = Path(settings.BASE_DIR) / "static/fonts/inter-latin-wght-normal.woff2"
    font = ImageFont.truetype(path, size)
    font.set_variation_by_axes([weight])
    return font
