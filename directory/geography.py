"""Distances on the ground, as the crow flies. Pure: values in, values out.

A straight line understates a mountain road, so the pages say « à vol d’oiseau ».
"""

from dataclasses import dataclass
from math import asin, cos, degrees, radians, sin, sqrt
from typing import Final, Self

EARTH_RADIUS_KM: Final = 6371.0088  # mean radius of the WGS 84 ellipsoid (IUGG)


@dataclass(frozen=True, slots=True)
class Point:
    """A place in decimal degrees, WGS 84."""

    latitude: float
    longitude: float

    @classmethod
    def of(cls, latitude: object, longitude: object) -> Self | None:
        """The point of two columns that may both be empty."""
        if latitude is None or longitude is None:
            return None
        return cls(float(str(latitude)), float(str(longitude)))


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees that hold every point within a distance, and some more in the corners."""

    south: float
    north: float
    west: float
    east: float


def distance_km(one: Point, other: Point) -> float:
    """Great-circle distance, in kilometres (haversine)."""
    south, north = radians(one.latitude), radians(other.latitude)
    half_height = sin((north - south) / 2)
    half_width = sin(radians(other.longitude - one.longitude) / 2)
    chord = half_height**2 + cos(south) * cos(north) * half_width**2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(chord))


def box_around(centre: Point, km: float) -> Box:
    """The box of a circle of so many kilometres, for a first sieve by index. Not for the poles."""
    height = degrees(km / EARTH_RADIUS_KM)
    width = degrees(km / (EARTH_RADIUS_KM * cos(radians(centre.latitude))))
    return Box(
        south=centre.latitude - height,
        north=centre.latitude + height,
        west=centre.longitude - width,
        east=centre.longitude + width,
    )
