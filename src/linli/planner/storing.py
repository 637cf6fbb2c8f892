"""Ground as bytes, kept beside a draft and read again: numpy's own file of arrays, which holds no code."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import shapely

from linli.planner.ground import Ground
from linli.planner.linking import Part
from linli.planner.triangles import NOBODY, Triangles

NUMBERS = ("households", "unit_of", "first", "beside", "lengths", "faces", "kinds", "areas", "rims", "corner", "scale")
TEXTS = ("keys", "compounds")


def dump(ground: Ground) -> bytes:
    """Return a ground as bytes that ``load`` reads."""
    arrays: dict[str, Any] = {name: getattr(ground, name) for name in NUMBERS}
    arrays |= {name: np.array(getattr(ground, name), dtype=np.str_) for name in TEXTS}
    arrays["names"] = np.array([ground.code, ground.name], dtype=np.str_)
    arrays |= _shapes("outlines", ground.outlines)
    arrays |= _shapes("polygons", np.array([part.polygon for part in ground.parts], dtype=object))
    for place, part in enumerate(ground.parts):
        arrays |= {f"{place}.units": part.units, f"{place}.spots": part.spots, f"{place}.spot_units": part.spot_units}
        if part.triangles is not None:
            arrays |= {f"{place}.{name}": array for name, array in vars(part.triangles).items()}
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def load(data: bytes) -> Ground:
    """Read what ``dump`` wrote. Raises ValueError or KeyError where it is something else."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    polygons = _read_shapes("polygons", arrays)
    parts = []
    for place, polygon in enumerate(polygons):
        triangles = _read_triangles(place, arrays) if f"{place}.points" in arrays else None
        own = (arrays[f"{place}.{name}"] for name in ("spots", "spot_units"))
        parts.append(Part(polygon, arrays[f"{place}.units"], triangles, *own))
    code, name = arrays["names"].tolist()
    rest: dict[str, Any] = {name: arrays[name] for name in NUMBERS}
    rest |= {name: tuple(arrays[name].tolist()) for name in TEXTS}
    return Ground(code=code, name=name, parts=tuple(parts), outlines=_read_shapes("outlines", arrays), **rest)


def _read_triangles(place: int, arrays: dict[str, Any]) -> Triangles:
    own = {name: arrays[f"{place}.{name}"] for name in ("points", "owners", "corners", "sides")}
    # Grounds kept before points of the boundary were among them have none.
    return Triangles(firm=arrays.get(f"{place}.firm", own["owners"] != NOBODY), **own)


def _shapes(name: str, shapes: Any) -> dict[str, Any]:
    """Return geometries as one array of bytes and the places where each ends."""
    written = shapely.to_wkb(shapes).tolist()
    ends = np.cumsum([len(one) for one in written], dtype=np.int64)
    return {name: np.frombuffer(b"".join(written), dtype=np.uint8), f"{name}.ends": ends}


def _read_shapes(name: str, arrays: dict[str, Any]) -> Any:
    whole = arrays[name].tobytes()
    begin, found = 0, []
    for end in arrays[f"{name}.ends"].tolist():
        found.append(whole[begin:end])
        begin = end
    return shapely.from_wkb(np.array(found, dtype=object))
