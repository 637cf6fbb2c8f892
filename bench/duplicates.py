"""How well duplicates are found: a labelled ledger with typing errors, after the manner of Febrl's generator.

    python -m bench.duplicates [--originals 20000] [--seeds 3]

Half of the families are written down once; of the others somebody stands in the ledger twice, with one to three errors
as people make them: a character that sounds alike or looks alike, a traditional one, a digit too few, two digits in
each other's place, day and month exchanged, a number left out, another home. Between them live those whom nobody may
take for one: twins, brothers, fathers and sons with one phone, and strangers of one name who were born on one day.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT / "docs" / "benchmarks.md"
START, END = "<!-- duplicates: begin -->", "<!-- duplicates: end -->"

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗单解仇曾葛苗靳韩冯邢申牛"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英玉萍红建国文华志林海波新子轩涵梓萱浩宇欣怡"
# Characters that sound alike or are written in two ways.
_GROUPS = (
    "伟玮维 芳方坊 静净晶 丽莉俪 杰洁傑 娟绢 涛滔濤 秀绣 兰蓝蘭 平萍 刚钢剛 英瑛 玉钰 华桦華 建健 国國 文雯 志智 子梓 "
    "张章張 刘劉 陈陳 杨楊 赵趙 轩宣 涵含 宇雨 浩昊 怡宜"
)
ALIKE = {group[0]: group[1:] for group in _GROUPS.split(" ")}


@dataclass(frozen=True)
class Entry:
    """One row of the ledger, and whom it really tells of."""

    who: int
    name: str
    sex: str
    born: date | None
    number: str
    phone: str
    home: int


@dataclass
class Ledger:
    """The rows, in the order in which they were written down."""

    rng: random.Random
    entries: list[Entry] = field(default_factory=list)
    people: int = 0
    homes: int = 0

    def new_home(self) -> int:
        """Return a home where nobody lives yet."""
        self.homes += 1
        return self.homes

    def add(self, name: str, sex: str, born: date, phone: str, home: int) -> Entry:
        """Write somebody down who is not in the ledger, mostly with an ID number."""
        from linli.core import idnumber

        self.people += 1
        sequence = self.people % 499 * 2 + (sex == "male")
        number = idnumber.make(f"14{self.people // 499 % 10000:04d}", born, sequence)
        entry = Entry(self.people, name, sex, born, number if self.rng.random() < 0.8 else "", phone, home)
        self.entries.append(entry)
        return entry


def name_of(rng: random.Random, surname: str = "") -> str:
    """Return a name; four of five have three characters."""
    return (surname or rng.choice(SURNAMES)) + "".join(
        rng.choice(GIVEN) for _each in range(2 if rng.random() < 0.8 else 1)
    )


def phone_of(rng: random.Random) -> str:
    """Return a number in a range that no operator gives out."""
    return f"1900{rng.randrange(10_000_000):07d}"


def make_ledger(originals: int, seed: int) -> list[Entry]:
    """Return a ledger of about so many people, with every kind of doubling and of likeness that is none."""
    ledger = Ledger(random.Random(seed))
    rng = ledger.rng
    while ledger.people < originals:
        family = _family(ledger)
        if rng.random() < 0.5:
            for entry in rng.sample(family, rng.randint(1, min(2, len(family)))):
                ledger.entries.append(_written_again(ledger, entry))
    return ledger.entries


def _family(ledger: Ledger) -> list[Entry]:
    rng, home = ledger.rng, ledger.new_home()
    surname, phone = rng.choice(SURNAMES), phone_of(rng)
    born = date(1940, 1, 1) + timedelta(days=rng.randrange(24000))
    members = [ledger.add(name_of(rng, surname), "male", born, phone, home)]
    kind = rng.random()
    child = born + timedelta(days=rng.randrange(8500, 12000))
    if kind < 0.25:
        # A son whose name has one character of the father's, and the father's phone.
        name = members[0].name[:-1] + rng.choice(GIVEN)
        members.append(ledger.add(name, "male", child, phone, home))
    elif kind < 0.40:
        # Twins: one birth date, one home, one phone; names that differ in one character.
        first = rng.choice(GIVEN)
        names = {surname + first + rng.choice(GIVEN) for _each in range(4)}
        sex = rng.choice(("male", "female"))
        members += [ledger.add(name, sex, child, phone, home) for name in sorted(names)[:2]]
    elif kind < 0.50:
        # A stranger of the same name who was born on the same day.
        members.append(ledger.add(members[0].name, "male", born, phone_of(rng), ledger.new_home()))
    elif kind < 0.75:
        members.append(
            ledger.add(name_of(rng), "female", born + timedelta(days=rng.randrange(900)), phone_of(rng), home)
        )
    return members


def _written_again(ledger: Ledger, entry: Entry) -> Entry:
    rng = ledger.rng
    again = entry if rng.random() < 0.4 else replace(entry, home=ledger.new_home())
    for _each in range(rng.choice((1, 1, 2, 3))):
        again = rng.choice(ERRORS)(again, rng)
    return again


def _name_error(entry: Entry, rng: random.Random) -> Entry:
    places = [place for place, character in enumerate(entry.name) if character in ALIKE]
    letters = list(entry.name)
    if places and rng.random() < 0.7:
        place = rng.choice(places)
        letters[place] = rng.choice(ALIKE[letters[place]])
    elif len(letters) > 2 and rng.random() < 0.3:
        del letters[rng.randrange(1, len(letters))]
    else:
        letters.insert(1, " ") if rng.random() < 0.5 else letters.__setitem__(-1, rng.choice(GIVEN))
    return replace(entry, name="".join(letters))


def _birth_error(entry: Entry, rng: random.Random) -> Entry:
    if entry.born is None or rng.random() < 0.4:
        return replace(entry, born=None)
    try:
        return replace(entry, born=entry.born.replace(month=entry.born.day, day=entry.born.month))
    except ValueError:
        return replace(entry, born=entry.born.replace(day=rng.randint(1, 28)))


def _digits_error(text: str, rng: random.Random) -> str:
    if not text:
        return text
    place = rng.randrange(len(text) - 1)
    match rng.randrange(3):
        case 0:
            return text[:place] + str(rng.randrange(10)) + text[place + 1 :]
        case 1:
            return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        case _:
            return text[:place] + text[place + 1 :]


def _number_error(entry: Entry, rng: random.Random) -> Entry:
    return replace(entry, number="" if rng.random() < 0.5 else _digits_error(entry.number, rng))


def _phone_error(entry: Entry, rng: random.Random) -> Entry:
    return replace(entry, phone=phone_of(rng) if rng.random() < 0.5 else _digits_error(entry.phone, rng))


def _sex_left_out(entry: Entry, rng: random.Random) -> Entry:
    return replace(entry, sex="")


ERRORS: tuple[Callable[[Entry, random.Random], Entry], ...] = (
    _name_error, _name_error, _birth_error, _number_error, _number_error, _phone_error, _sex_left_out,
)  # fmt: skip


@dataclass
class Figures:
    """What was found of what there is: pairs that are called certain, likely, and all that are shown."""

    entries: int = 0
    true_pairs: int = 0
    shown: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("certain", "likely", "possible"), 0))
    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("certain", "likely", "possible"), 0))
    wrongly_certain: list[tuple[Entry, Entry]] = field(default_factory=list)
    seconds: float = 0.0


def judged(entries: list[Entry]) -> Figures:
    """Compare the rows of a ledger as the finder does, and count."""
    from linli.people.likeness import Facts, Opened, Verdicts, may_be_one, pairs_in

    started = time.monotonic()
    facts = [Facts(key, row.name, row.sex, row.born, row.number, row.phone) for key, row in enumerate(entries)]
    blocks: dict[tuple[str, object], list[Facts]] = {}
    for one, row in zip(facts, entries, strict=True):
        for kind, value in (("id", row.number), ("phone", row.phone), ("born", row.born), ("home", row.home)):
            if value:
                blocks.setdefault((kind, value), []).append(one)
    verdicts = Verdicts()
    seen: set[tuple[int, int]] = set()
    for block in blocks.values():
        for one, other in pairs_in(block):
            if (one.key, other.key) in seen or not may_be_one(one, other):
                continue
            seen.add((one.key, other.key))
            first, second = entries[one.key], entries[other.key]
            verdicts.add(one, other, Opened(first.number, first.home), Opened(second.number, second.home))
    figures = Figures(len(entries))
    for (left, right), found in verdicts.settled().items():
        first, second = entries[left], entries[right]
        figures.shown[found.certainty] += 1
        figures.right[found.certainty] += first.who == second.who
        if found.certainty == "certain" and first.who != second.who:
            figures.wrongly_certain.append((first, second))
    by_person: dict[int, int] = {}
    for row in entries:
        by_person[row.who] = by_person.get(row.who, 0) + 1
    figures.true_pairs = sum(count * (count - 1) // 2 for count in by_person.values())
    figures.seconds = time.monotonic() - started
    return figures


def table(originals: int, seeds: int) -> tuple[str, bool]:
    """Return the table as Markdown, and whether everything that is called certain was right."""
    lines = [
        f"`python -m bench.duplicates`: {originals:,} people a ledger, seeds 1 to {seeds}. Precision: how many of the",
        "pairs that are shown are one person; recall: how many of the pairs that there are, are shown.",
        "",
        "| seed | entries | doubled | shown as certain: precision | recall | certain or likely: precision | recall |"
        " all that is shown: precision | recall | s |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    sure = True
    for seed in range(1, seeds + 1):
        figures = judged(make_ledger(originals, seed))
        sure = sure and not figures.wrongly_certain
        cells = [str(seed), f"{figures.entries:,}", f"{figures.true_pairs:,}"]
        shown = right = 0
        for level in ("certain", "likely", "possible"):
            shown, right = shown + figures.shown[level], right + figures.right[level]
            cells += [f"{right / max(1, shown):.4f}", f"{right / max(1, figures.true_pairs):.3f}"]
        lines.append("| " + " | ".join([*cells, f"{figures.seconds:.1f}"]) + " |")
    return "\n".join(lines), sure


def main() -> int:
    """Measure, write the table, and exit 1 when something was called certain that is not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--originals", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, default=3)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    import django

    django.setup()
    written, sure = table(asked.originals, asked.seeds)
    print(written)
    text = BENCHMARKS.read_text(encoding="utf-8")
    if START in text:
        pattern = re.compile(f"{START}.*?{END}", re.DOTALL)
        BENCHMARKS.write_text(pattern.sub(lambda _match: f"{START}\n{written}\n{END}", text), encoding="utf-8")
    return 0 if sure else 1


if __name__ == "__main__":
    sys.exit(main())
