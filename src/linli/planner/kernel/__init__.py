"""The compiled search: plain loops over arrays, one community at a time, one thread, its own seeded random numbers."""
