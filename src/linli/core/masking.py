"""Sensitive values as they may be shown without a reason."""

MASK = "*"

_SHORTEST_ID_NUMBER = 15
_SHORTEST_PHONE = 10


def mask_id_number(value: str | None) -> str:
    """Return the first four and last four characters with stars between; a value under 15 characters all stars."""
    return _keep_ends(value or "", first=4, last=4, shortest=_SHORTEST_ID_NUMBER)


def mask_phone(value: str | None) -> str:
    """Return the first three and last four characters with stars between; a value under 10 characters all stars."""
    return _keep_ends(value or "", first=3, last=4, shortest=_SHORTEST_PHONE)


def mask_name(value: str | None) -> str:
    """Return the first character and one star, whatever the length of the name."""
    return f"{value[0]}{MASK}" if value else ""


def _keep_ends(value: str, *, first: int, last: int, shortest: int) -> str:
    if len(value) < shortest:
        return MASK * len(value)
    return value[:first] + MASK * (len(value) - first - last) + value[-last:]
