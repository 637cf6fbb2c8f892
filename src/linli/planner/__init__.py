"""Divides communities into service grids. A pure library: arrays and geometry in, a plan out; no Django, no database."""
