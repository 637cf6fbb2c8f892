"""How the search is compiled: once for a machine (the result is kept), and the same numbers everywhere.

No arithmetic is re-ordered (no fast-math), so that the same input and seed give the same plan on every x86-64.
"""

from __future__ import annotations

from numba import njit

compiled = njit(cache=True, error_model="numpy")
