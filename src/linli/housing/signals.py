"""What housing announces to the apps above it."""

from django.dispatch import Signal

# Sent inside the transaction in which buildings came to other grids. Arguments: ``buildings`` (list of Building, with
# their new paths).
buildings_moved = Signal()

# Sent inside the transaction in which something to mend was written down. Arguments: ``mend`` and ``by``. Whoever takes
# it up answers through `actions.mends.take_up_mend`.
mend_needed = Signal()
