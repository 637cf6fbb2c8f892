"""Which lists stay where they are. Every other list can be taken out as it is narrowed, by a kind of `exports`.

A test walks over all pages: a list without a kind has its reason here, so that none is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping

_PHONE = "The worker's phone: the same list is taken out at a desk, where its file is kept for a week."
_ONE_THING = "What belongs to one thing, on its page; the list of such things is taken out."

# URL name of a page that shows a list → why no file is made of it.
STAYS: Mapping[str, str] = {
    # Who looked at what.
    "journal": "It tells of everybody who looked at a resident. It is read and proved where it is sealed.",
    "user-list": "Sign-in names help whoever wants to break in. Who serves where is in the list of posts.",
    "message-list": "Messages to one person.",
    # Files and the work on them.
    "export-list": "Requests and files that go out; what was taken out is in the journal.",
    "export-form-list": "Empty forms; each goes out filled, by the same rules as a list.",
    "import-list": "Workbooks that came in; each is with whoever sent it.",
    "import": _ONE_THING,
    "import-differences": "Two states of the ledger before somebody decides; afterwards the ledger is taken out.",
    "import-headers": "What was learnt about columns.",
    # What administrators set up.
    "area-list": "The tree of places goes out by `linli export areas`.",
    "area": "The tree of places goes out by `linli export areas`.",
    "item-list": "Presets of the forms, no ledger.",
    "agreement-template-list": "Texts; each is printed with an agreement.",
    # Pages that lead to lists, and paper.
    "grid-coverage-rows": "What is to be put right; `linli check` writes it. Grids, buildings, vacancies go out.",
    "map": "The grids beside the map; their list is taken out, and `linli export areas` writes their shapes.",
    "review": "What is open in one grid until it is signed; rentals, pairs, values, old entries have their own lists.",
    "grid": _ONE_THING,
    "household-codes": "Codes instead of names, made for paper: the page prints them, and the journal says so.",
    # On a phone.
    "field-case-list": _PHONE,
    "field-household-list": _PHONE,
    "field-agreement-list": _PHONE,
    "field-unit-list": _PHONE,
    "field-building-list": _PHONE,
    "field-facility-list": _PHONE,
    "field-review": _PHONE,
}
