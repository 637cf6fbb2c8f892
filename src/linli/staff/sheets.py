"""The workbook of posts, registered with exchange: who serves where, as the roster of an office says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.accounts.models import User
from linli.accounts.rules import require
from linli.areas.actions import appointment, beginning, tell_appointed
from linli.areas.choices import Level, Role
from linli.areas.models import Area, Post
from linli.areas.naming import Places, Unknown
from linli.areas.signals import places_changed
from linli.core import clock
from linli.core.bulkload import reserve_ids
from linli.core.paths import within
from linli.core.sheets.checking import CheckedRow
from linli.core.sheets.columns import shown
from linli.core.sheets.definition import RowDraft, RowRule, SheetFacts
from linli.core.sheets.post_rows import ASSISTANT, POSTS_SHEET
from linli.core.sheets.problems import Fault, ProblemKind
from linli.exchange import ledgers
from linli.exchange.choices import DifferenceKind
from linli.exchange.models import Batch
from linli.exchange.plans import Change, Difference, Figures, Insert, Known, changed, created
from linli.staff.holders import Holders, Meant

# So many posts are written in one transaction.
WRITTEN_AT_ONCE = 500
FACTS = ("label", "duties", "board_phone", "on_board")
# Where a post of a role lies; others lie anywhere.
LEVELS: dict[str, tuple[Level, ...]] = {
    Role.WORKER: (Level.GRID,),
    Role.ASSISTANT: (Level.GRID,),
    Role.LEADER: (Level.GRID, Level.COMMUNITY),
    Role.COMMUNITY: (Level.COMMUNITY, Level.GRID),
    Role.STREET: (Level.STREET,),
}
_UNKNOWN_PLACE = {
    "street": gettext_lazy("%(place)s has no street of this name or code. Correct it and send the row again."),
    "community": gettext_lazy("%(place)s has no community of this name or code. Correct it and send the row again."),
    "grid": gettext_lazy("%(place)s has no grid of this name or code. Correct it and send the row again."),
}
_SEVERAL_PLACES = gettext_lazy(
    "%(place)s has several of this name. Write the community too, or the code, and send the row again."
)
_OTHER_LEVEL = gettext_lazy("%(role)s: this post belongs to a %(level)s. Write which, and send the row again.")


@dataclass(frozen=True)
class SaidPost:
    """A post that a workbook speaks of: where, for what, whose, and what else is said of it."""

    area: int
    role: str
    holder: Meant
    vacant: bool
    facts: Mapping[str, Any]
    since: Any = None


@dataclass
class PostsDraft:
    """The posts of a workbook, and the accounts that it asks for: user name → name."""

    posts: list[SaidPost] = field(default_factory=list)
    accounts: dict[str, str] = field(default_factory=dict)

    def add(self, row: CheckedRow) -> None:
        """Take a row, which may speak of two posts; one that is held is passed over."""
        if row.held:
            return
        values = row.values
        area, since = int(str(values["area_id"])), values.get("since")
        facts = {name: values[name] for name in FACTS if values.get(name) not in ("", None)}
        if values.get("role"):
            self._take(
                SaidPost(area, str(values["role"]), _meant(values, "holder"), bool(values["vacant"]), facts, since)
            )
        if _has_assistant(values):
            vacant = bool(values["assistant_vacant"])
            self._take(SaidPost(area, ASSISTANT, _meant(values, "assistant"), vacant, {}))

    def _take(self, post: SaidPost) -> None:
        self.posts.append(post)
        if post.holder.username:
            self.accounts[post.holder.username] = post.holder.name

    def figures(self) -> Figures:
        """Return what the rows would bring."""
        return {"posts": len(self.posts), "accounts": len(self.accounts), "updated": 0}


class PostsPlan:
    """A roster compared with the posts that stand in its area.

    A post is known by its area, role and holder. Else a vacant one of that area and role is filled, and where exactly
    one stands it goes to the person of the row. What the roster does not say stays as it is; nobody loses a post
    because it leaves them out. A known post keeps the day since when it is there.
    """

    def __init__(self, draft: PostsDraft, batch: Batch) -> None:
        self.draft = draft
        self.areas = Area.objects.select_related("parent").defer("geometry", "parent__geometry")
        self._keys = dict.fromkeys(draft.accounts, 0)
        standing = _StandingPosts(batch.area)
        self.rows = list(zip(standing.match(draft.posts), draft.posts, strict=True))
        self.size = len(self.rows) + len(self._keys)
        self.updated = sum(known.difference is not None for step in self.changes() for known in step)

    def figures(self) -> Figures:
        """Return what it brings; ``updated`` are known posts of which something changes."""
        return {**self.draft.figures(), "updated": self.updated}

    def prepare(self) -> None:
        """Nothing takes long here."""

    def reserve(self) -> None:
        """Take the keys of the accounts: posts that are made after them point there."""
        self._keys = dict(zip(self._keys, reserve_ids(User, len(self._keys)), strict=True))

    def inserts(self) -> Iterator[list[Insert]]:
        """Yield nothing: posts are few, and made together with what changes."""
        return iter(())

    def changes(self) -> Iterator[list[Known]]:
        """Yield first the accounts, then new posts and what changes about known ones."""
        for names in _parts(list(self.draft.accounts)):
            yield [Known([self._account(username)]) for username in names]
        for part in _parts(self.rows):
            posts = Post.objects.select_related("holder").in_bulk([key for key, _said in part if key])
            areas = self.areas.in_bulk({said.area for _key, said in part})
            yield [
                self._changed(posts[key], said, areas[said.area]) if key in posts else self._new(said)
                for key, said in part
            ]

    def mend(self) -> None:
        """Posts lie in areas, which stay where they are."""

    def _account(self, username: str) -> Change:
        values = {
            "username": username,
            "name": self.draft.accounts[username],
            # Nobody can sign in before an administrator gives it a password.
            "password": make_password(None),
            "is_active": True,
        }
        return created(User, values, pk=self._keys[username])

    def _holder_of(self, said: SaidPost) -> int | None:
        meant = said.holder
        return self._keys[meant.username] if meant.username else meant.user

    def _new(self, said: SaidPost) -> Known:
        holder = self._holder_of(said)
        named = bool(said.holder.username or holder)
        made = {
            "role": said.role,
            "area_id": said.area,
            "holder_id": holder,
            **said.facts,
            **beginning(said.since, held=named),
        }
        return Known([created(Post, made)])

    def _changed(self, post: Post, said: SaidPost, area: Area) -> Known:
        before = post.holder
        new = {name: value for name, value in said.facts.items() if value != getattr(post, name)}
        lines = [(name, _text(getattr(post, name)), _text(value)) for name, value in new.items()]
        names = (before.name if before else "", said.holder.name)
        if said.vacant and before is not None:
            new |= appointment(post, None)
            lines.insert(0, ("name", before.name, ""))
        elif said.holder.username or said.holder.user not in (None, post.holder_id):
            new |= appointment(post, self._holder_of(said))
            lines.insert(0, ("name", *names))
        if not new:
            return Known([])
        place = area.name if area.parent is None or area.level != Level.GRID else f"{area.parent.name}{area.name}"
        difference = Difference(DifferenceKind.POST, post.label or post.role, place, lines)
        return Known([changed(post, new)], difference)


class _StandingPosts:
    """The posts in force in an area, each found only once."""

    def __init__(self, area: Area) -> None:
        self._by_place: dict[tuple[int, str], list[Post]] = defaultdict(list)
        rows = Post.objects.on(clock.today()).filter(within([area.path], "area__path")).select_related("holder")
        for post in rows.order_by("pk"):
            self._by_place[post.area_id, post.role].append(post)
        self._taken: set[int] = set()

    def match(self, said: Sequence[SaidPost]) -> list[int | None]:
        """Return the key of the post that each row speaks of, or None for a new one."""
        found: dict[int, int] = {}
        for place, post in enumerate(said):
            if post.holder.user:
                self._note(found, place, [own for own in self._free(post) if own.holder_id == post.holder.user])
        # Whoever is named fills what is vacant before a row that names nobody is told from it.
        for place, post in sorted(
            enumerate(said), key=lambda pair: not (pair[1].holder.user or pair[1].holder.username)
        ):
            if place not in found:
                self._note(found, place, self._open(post))
        return [found.get(place) for place in range(len(said))]

    def _note(self, found: dict[int, int], place: int, posts: list[Post]) -> None:
        if posts:
            found[place] = posts[0].pk
            self._taken.add(posts[0].pk)

    def _free(self, post: SaidPost) -> list[Post]:
        return [own for own in self._by_place[post.area, post.role] if own.pk not in self._taken]

    def _open(self, post: SaidPost) -> list[Post]:
        free = self._free(post)
        vacant = [own for own in free if own.holder is None or not own.holder.is_active]
        return vacant or (free if len(self._by_place[post.area, post.role]) == 1 else [])


def post_rule(area: Area) -> RowRule:
    """Return the rule that finds the place and the people of a row; without a place the row is held."""
    places, holders = Places(area), Holders()

    def find(row: RowDraft, _facts: SheetFacts) -> None:
        place = _place_of(row, places)
        if place is None:
            return
        row.values["area_id"] = place.pk
        role = str(row.values.get("role") or ASSISTANT)
        for each, cell in ((role, "role"), (ASSISTANT, "assistant")):
            if cell == "assistant" and not _has_assistant(row.values):
                continue
            if place.level not in LEVELS.get(each, tuple(Level)):
                row.mark(cell, _other_level(each))
        if not row.held:
            home = places.community_of(place) or place
            _find_holder(row, holders, home, "holder", ("name", "username"))
            _find_holder(row, holders, home, "assistant", ("assistant", "assistant_username"))

    return find


def _place_of(row: RowDraft, places: Places) -> Area | None:
    said = {name: str(row.values.get(name) or "") for name in ("street", "community", "grid", "grid_code")}
    code = said.pop("grid_code")
    coded = places.by_code(code) or places.by_code(said["grid"])
    if coded is not None and coded.level == Level.GRID:
        # A full code says more than the rows above.
        return coded
    try:
        if code:
            try:
                return places.find(said["street"], said["community"], code)
            except Unknown as unknown:
                if unknown.field != "grid" or not said["grid"]:
                    raise
        return places.find(**said)
    except Unknown as unknown:
        cell = "grid_code" if unknown.field == "grid" and code and not said["grid"] else unknown.field
        text = _SEVERAL_PLACES if unknown.several else _UNKNOWN_PLACE[unknown.field]
        written = code if cell == "grid_code" else said[unknown.field]
        details = {"place": said["community"] if unknown.field == "grid" and said["community"] else places.area.name}
        row.mark(cell, Fault(ProblemKind.UNKNOWN_CODE, text, shown(written), held=True, details=details))
        return None


def _other_level(role: str) -> Fault:
    levels = _(" or ").join(str(level.label) for level in LEVELS[role])
    details = {"role": str(Role(role).label), "level": levels}
    return Fault(ProblemKind.MISSING, _OTHER_LEVEL, held=True, details=details)


def _find_holder(row: RowDraft, holders: Holders, home: Area, kind: str, cells: tuple[str, str]) -> None:
    name, username = (str(row.values.get(cell) or "") for cell in cells)
    meant = holders.find(name, username, home)
    row.values |= {f"{kind}_id": meant.user, f"{kind}_account": meant.username, f"{kind}_name": meant.name}
    if meant.fault is not None:
        cell = cells[0] if meant.field == "name" else cells[1]
        row.mark("worker" if cell == "name" and not row.written.get("name") else cell, meant.fault)


def _has_assistant(values: Mapping[str, Any]) -> bool:
    """Tell whether a row speaks of the assistant of the grid too."""
    return any(values.get(name) for name in ("assistant", "assistant_username", "assistant_vacant"))


def _meant(values: Mapping[str, Any], kind: str) -> Meant:
    """Return whom a row means, as its rule found it."""
    return Meant(values[f"{kind}_id"], values[f"{kind}_account"], values[f"{kind}_name"])


def _permit(plan: PostsPlan, by: Any) -> None:
    """Whoever lets accounts be made must be one who manages them."""
    if plan.draft.accounts:
        require(by, "accounts.manage")


def _note_holders(rows: Iterable[models.Model], batch: Batch, by: Any) -> None:
    """Write down who was appointed and who left; tell of posts that fell vacant, and that others serve there now."""
    before = {row.pk: row.holder_id for row in rows if isinstance(row, Post)}
    there = Post.objects.filter(pk__in=before).select_related("area", "holder").order_by("pk")
    other = [post for post in there if post.holder_id != before[post.pk]]
    former = User.objects.in_bulk({key for post in other if (key := before[post.pk])})
    for post in other:
        tell_appointed(post, former.get(before[post.pk] or 0), by=by)
    places_changed.send(Area, paths=[batch.area.path])


def _follow(_touched: ledgers.Keys) -> None:
    """Posts follow nothing."""


def _name(row: models.Model) -> str:
    return f"{row.area.name} {row.title}" if isinstance(row, Post) else str(row)


def words(name: str, value: str) -> str:
    """Return a value in words: a role by its label, yes and no."""
    if name in ("role", "title") and value in Role.values:
        return str(Role(value).label)
    if name == "role":
        # Nobody knows what is written there; the problem says so.
        return ""
    if name == "on_board" and value in ("True", "False"):
        return _("yes") if value == "True" else _("no")
    return _("vacant") if name == "name" and not value else value


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _parts(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + WRITTEN_AT_ONCE] for start in range(0, len(items), WRITTEN_AT_ONCE))


def register() -> None:
    """Let exchange take in workbooks of posts."""
    ledgers.register(
        "posts",
        ledgers.Ledger(
            label=gettext_lazy("Posts"),
            sheet=POSTS_SHEET,
            ability="posts.edit",
            levels=(Level.DISTRICT, Level.STREET, Level.COMMUNITY),
            figures={
                "posts": gettext_lazy("Posts"),
                "accounts": gettext_lazy("New accounts, without a password yet"),
                "updated": gettext_lazy("Known already, brought up to date"),
            },
            collector=PostsDraft,
            compare=PostsPlan,
            tables=(User, Post),
            applied="posts.import",
            undone="posts.undo_import",
            follow=_follow,
            name=_name,
            words=words,
            note=_note_holders,
            look=post_rule,
            permit=_permit,
        ),
    )
