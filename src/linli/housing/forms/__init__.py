"""Forms about dwellings and what is kept about them, shared by the surfaces."""
