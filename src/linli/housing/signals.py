"""What housing announces to the apps above it."""

from django.dispatch import Signal

# Sent inside the transaction in which buildings came to other grids. Arguments: ``buildings`` (list of Building, with
# their new paths).
buildings_moved = Signal()
