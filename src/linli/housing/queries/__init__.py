"""Every read about dwellings and what is kept about them that needs thought."""

from linli.housing.queries.homes import (
    Face,
    FaceFloor,
    building_face,
    building_for,
    buildings_for,
    buildings_geojson,
    buildings_in,
    buildings_named,
    compound_names,
    dwellings_for,
    find_buildings,
    homes_named,
    homes_plated,
    orphan_buildings,
    plate_for,
)
from linli.housing.queries.planned import Coming, coming_to, forecast

__all__ = [
    "Coming",
    "Face",
    "FaceFloor",
    "building_face",
    "building_for",
    "buildings_for",
    "buildings_geojson",
    "buildings_in",
    "buildings_named",
    "coming_to",
    "compound_names",
    "dwellings_for",
    "find_buildings",
    "forecast",
    "homes_named",
    "homes_plated",
    "orphan_buildings",
    "plate_for",
]
