"""Names of the arrays that the planner hands around."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
# Arrays of shapely geometries.
Shapes = npt.NDArray[Any]
