"""What the members of a household are to a new head, as far as the relations to the old head tell it."""

from __future__ import annotations

from linli.people.choices import Relation, Sex

CHILDREN = frozenset({Relation.SON, Relation.DAUGHTER})
PARENTS = frozenset({Relation.FATHER, Relation.MOTHER})
COUPLE = frozenset({Relation.HEAD, Relation.SPOUSE})


def _parent(sex: str) -> str:
    return {Sex.MALE: Relation.FATHER, Sex.FEMALE: Relation.MOTHER}.get(Sex(sex), Relation.OTHER)


def _child(sex: str) -> str:
    return {Sex.MALE: Relation.SON, Sex.FEMALE: Relation.DAUGHTER}.get(Sex(sex), Relation.OTHER)


def relation_to(new_head: str, member: str, sex: str) -> str:
    """Return what a member is to the new head.

    Where the old relations leave it open the answer is “other”: somebody can say it later.

    Args:
        new_head: what the new head was to the old one.
        member: what the member is to the old head.
        sex: of the member.
    """
    if new_head == Relation.SPOUSE:
        return _to_spouse(member)
    if new_head in CHILDREN:
        return _to_child(member, sex)
    if new_head in PARENTS:
        return _to_parent(member, sex)
    if new_head == Relation.CHILD_IN_LAW:
        return _to_child_in_law(member)
    return Relation.OTHER


def _to_spouse(member: str) -> str:
    if member == Relation.HEAD:
        return Relation.SPOUSE
    if member in PARENTS:
        return Relation.PARENT_IN_LAW
    return member if member in CHILDREN | {Relation.GRANDCHILD, Relation.CHILD_IN_LAW} else Relation.OTHER


def _to_child(member: str, sex: str) -> str:
    if member in COUPLE:
        return _parent(sex)
    if member in CHILDREN:
        return Relation.SIBLING
    return Relation.GRANDPARENT if member in PARENTS else Relation.OTHER


def _to_parent(member: str, sex: str) -> str:
    if member == Relation.HEAD:
        return _child(sex)
    if member == Relation.SPOUSE:
        return Relation.CHILD_IN_LAW
    if member in CHILDREN:
        return Relation.GRANDCHILD
    return Relation.SPOUSE if member in PARENTS else Relation.OTHER


def _to_child_in_law(member: str) -> str:
    return Relation.PARENT_IN_LAW if member in COUPLE else Relation.OTHER


def born_to(parent: str, sex: str) -> str:
    """Return what a new-born child is to the head, from what its parent is."""
    if parent in COUPLE:
        return _child(sex)
    if parent in CHILDREN | {Relation.CHILD_IN_LAW}:
        return Relation.GRANDCHILD
    return Relation.SIBLING if parent in PARENTS else Relation.OTHER
