"""The bench of the grid planner: instances, peers, and a scorer that knows nothing of the planner."""
