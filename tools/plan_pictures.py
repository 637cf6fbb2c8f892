"""Pictures of a place before and after it was divided: ``python tools/plan_pictures.py FOLDER`` (the files of a place).

Writes docs/pictures/plan-before.png and plan-after.png. The map files themselves stay outside the project.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import shapely
from playwright.sync_api import sync_playwright

from linli.planner import Place, Plan, Settings, make_plan
from linli.planner.mending import scale_at
from linli.planner.reading import read_place
from served import CHROMIUM, CHROMIUM_ARGUMENTS

WIDTH, HEIGHT, EDGE = 1000, 1080, 50
PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
# Neighbours rarely share one of so many tints.
TINTS = ("#e5ebed", "#f0ece0", "#d5e9ea", "#efe5ef", "#e6efe0", "#f2e8e4", "#e4e7f4")


class Sheet:
    """A drawing in SVG of a place in degrees."""

    def __init__(self, place: Place) -> None:
        west, south, east, north = shapely.total_bounds([one.outline for one in place.communities])
        wide, high = scale_at((south + north) / 2)
        self._scale = min((WIDTH - 2 * EDGE) / ((east - west) * wide), (HEIGHT - 2 * EDGE) / ((north - south) * high))
        self._corner, self._metres = (west, north), (wide, high)
        self.lines: list[str] = []

    def _path(self, points: Any) -> str:
        west, north = self._corner
        wide, high = (metres * self._scale for metres in self._metres)
        return " ".join(f"{EDGE + (x - west) * wide:.1f},{EDGE + (north - y) * high:.1f}" for x, y in points)

    def area(self, outline: Any, style: str) -> None:
        """Draw polygons with their holes."""
        for part in shapely.get_parts(outline):
            if part.geom_type == "Polygon":
                rings = [part.exterior, *part.interiors]
                path = " ".join(f"M{self._path(ring.coords)}Z" for ring in rings)
                self.lines.append(f'<path d="{path}" fill-rule="evenodd" style="{style}"/>')

    def line(self, outline: Any, style: str) -> None:
        """Draw lines."""
        for part in shapely.get_parts(outline):
            self.lines.append(f'<polyline points="{self._path(part.coords)}" style="fill:none;{style}"/>')

    def page(self, title: str) -> str:
        """Return the drawing as a page."""
        words = f'<text x="{EDGE}" y="36" style="font:600 22px Noto Sans CJK SC;fill:#1a2528">{title}</text>'
        body = "".join(self.lines)
        size = f'width="{WIDTH}" height="{HEIGHT}"'
        return f'<body style="margin:0;background:#f5f7f7"><svg {size}>{body}{words}</svg>'


def _ground(place: Place, fills: list[tuple[Any, str]], borders: str) -> Sheet:
    sheet = Sheet(place)
    for outline, fill in fills:
        sheet.area(outline, f"fill:{fill};{borders}")
    for road in place.mains:
        sheet.line(road, "stroke:#ffffff;stroke-width:2.4")
    for building in place.buildings:
        if building.outline is not None:
            sheet.area(building.outline, "fill:#9aa8ac;stroke:none")
    for community in place.communities:
        sheet.area(community.outline, "fill:none;stroke:#46555a;stroke-width:2")
    return sheet


def before(place: Place) -> str:
    """Return the place with its communities only."""
    households = sum(one.households for one in place.buildings)
    fills = [(one.outline, TINTS[at % len(TINTS)]) for at, one in enumerate(place.communities)]
    sheet = _ground(place, fills, "stroke:none")
    return sheet.page(f"划网格之前：{len(place.communities)} 个社区，{households:,} 户，{len(place.buildings):,} 栋楼")


def after(place: Place, plan: Plan) -> str:
    """Return the place with its grids."""
    fills = [(grid.outline, TINTS[at % len(TINTS)]) for at, grid in enumerate(plan.grids)]
    sheet = _ground(place, fills, "stroke:#14687a;stroke-width:0.9")
    figures = plan.figures
    inside, off = figures.grids - figures.out_of_band, f"{figures.mean_deviation:.0%}"
    return sheet.page(f"划网格之后：{figures.grids} 个网格，{inside} 个在 200–400 户以内，平均离 300 户差 {off}")


def main() -> int:
    """Draw both pictures."""
    folder = Path(sys.argv[1])
    place = read_place(folder / "buildings.geojson", folder / "communities.geojson", folder / "roads.geojson")
    pages = {"plan-before": before(place), "plan-after": after(place, make_plan(place, Settings()))}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for name, html in pages.items():
            page.set_content(html)
            page.screenshot(path=PICTURES / f"{name}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
