"""The command line: every command creates or migrates the database and makes missing keys first."""

from __future__ import annotations

import gc
import json
import os
import socket
import sys
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click
import django


def _prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _require_free(host: str, port: int) -> None:
    """Stop where something answers there already: web processes share a port, and both would answer by turns."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as taken:
            text = f"can't serve at {host}:{port}: {taken.strerror}. Stop what runs there, or choose another --port."
            raise click.ClickException(text) from taken


def _actor(username: str | None) -> Any:
    from linli.accounts.models import User
    from linli.accounts.rules import SYSTEM

    if username is None:
        return SYSTEM
    found = User.objects.filter(username__iexact=username, is_active=True).first()
    if found is None:
        raise click.UsageError(f"no active user {username!r}")
    return found


def acting(command: Callable[..., Any]) -> Callable[..., Any]:
    """Prepare the database and give the command ``by``: the user of ``--as``, else the journalled user ``system``."""

    @click.option("--as", "acting_user", metavar="USER", help="Act as this user instead of “system”.")
    @wraps(command)
    def prepared(*args: Any, acting_user: str | None, **kwargs: Any) -> Any:
        _prepare()
        from django.core.exceptions import PermissionDenied, ValidationError

        from linli.journal.actions import acting_from

        try:
            with acting_from("command"):
                return command(*args, by=_actor(acting_user), **kwargs)
        except PermissionDenied as refused:
            raise click.ClickException(str(refused)) from refused
        except ValidationError as wrong:
            raise click.ClickException("; ".join(wrong.messages)) from wrong

    return prepared


def _tell(value: Any, as_json: bool, lines: Callable[[Any], str]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str) if as_json else lines(value))


def _area(code: str) -> Any:
    from linli.areas.models import Area
    from linli.areas.queries import area_by_code

    try:
        return area_by_code(code)
    except Area.DoesNotExist:
        raise click.UsageError(f"no area has the code {code!r}") from None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="linli")
def main() -> None:
    """Linli 邻里: community service grids. Commands exit with 0 when done, 1 when not, 2 when asked wrongly."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages, with background tasks and schedule in the same process group."""
    _require_free(host, port)
    _prepare()
    from django.conf import settings
    from django.core.management import call_command

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    click.echo(f"Linli 邻里  http://{host}:{port}")
    sys.stdout.flush()
    # What has been loaded so far is not needed to watch over the parts: the supervisor takes this process over.
    os.execv(sys.executable, [sys.executable, "-m", "linli.supervisor", host, str(port), str(workers)])  # noqa: S606


@main.command(hidden=True)
@click.option("--long", is_flag=True, help="Only tasks that may take minutes, without the schedule.")
def work(long: bool) -> None:
    """Run background tasks and the schedule (started by ``serve``)."""
    _prepare()
    from linli import serving

    serving.work_long() if long else serving.work()


@main.command()
@click.option("--scale", type=click.Choice(["street", "district"]), default="street", show_default=True)
@click.option("--seed", default=7, show_default=True, type=int)
@click.option("--reset", is_flag=True, help="Remove everything that is in the database first.")
@click.option("--keep", is_flag=True, help="Leave a demo that is already there, and only list its accounts.")
@click.option("--json", "as_json", is_flag=True)
@acting
def demo(scale: str, seed: int, reset: bool, keep: bool, as_json: bool, by: Any) -> None:
    """Fill an empty database with an invented place that looks like a real one, and list the accounts."""
    from linli.areas.models import Area
    from linli.demo import build
    from linli.demo.state import demo_accounts, empty_database

    if reset:
        empty_database()
    if Area.objects.exists():
        accounts = demo_accounts()
        if not keep or not accounts:
            raise click.ClickException("the database is not empty; --reset removes everything in it")
    else:
        with click.progressbar(length=1000, file=sys.stderr, label="demo", item_show_func=lambda step: step) as bar:

            def progress(step: str, done: int, total: int) -> None:
                bar.update(max(0, round(1000 * done / max(total, 1)) - bar.pos), step)

            build(scale, seed=seed, by=by, progress=progress)
        accounts = demo_accounts()
    rows = [dict(zip(("username", "password", "role", "area"), account, strict=True)) for account in accounts]
    _tell(
        rows,
        as_json,
        lambda found: "\n".join(
            f"{row['username']:<12} {row['password']:<18} {row['role']:<14} {row['area']}" for row in found
        ),
    )


@main.command()
@click.argument("username", metavar="USER")
@acting
def token(username: str, by: Any) -> None:
    """Print a Bearer token of a user; it ends after 90 days."""
    from linli.accounts.actions import create_token

    click.echo(create_token(_actor(username), by=by))


@main.command("import")
@click.argument("kind", type=click.Choice(["areas", "people", "dwellings", "buildings", "rentals", "units", "posts"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--area",
    "area_code",
    metavar="CODE",
    help="The community that the rows belong to; posts also a street or district.",
)
@click.option("--partial", is_flag=True, help="Apply the good rows and leave out those that are held.")
@click.option("--dry-run", is_flag=True, help="Check only.")
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="Write the rows that need work here.")
@click.option("--json", "as_json", is_flag=True)
@acting
def import_command(
    kind: str,
    file: Path,
    area_code: str | None,
    partial: bool,
    dry_run: bool,
    errors: Path | None,
    as_json: bool,
    by: Any,
) -> None:
    """Take in a table of areas, or a workbook of people, homes, buildings, units or posts."""
    if kind == "areas":
        from linli.areas.sheets import import_areas

        report = import_areas(file, by=by, dry_run=dry_run, partial=partial)
    else:
        from linli.core.sheets.safety import WorkbookRefused
        from linli.exchange.actions import import_file

        if area_code is None:
            raise click.UsageError("--area CODE names the place that the rows belong to")
        try:
            report = import_file(
                file, kind=kind, area=_area(area_code), by=by, partial=partial, dry_run=dry_run, errors=errors
            )
        except WorkbookRefused as refused:
            raise click.ClickException(str(refused.message)) from refused
    _tell(report, as_json, _report_text)
    held = any(problem["held"] for problem in report["problems"])
    unread = not report["rows"]
    sys.exit(1 if unread or (held and not partial) else 0)


def _report_text(report: dict[str, Any]) -> str:
    counts = ", ".join(f"{name} {count}" for name, count in report["applied"].items())
    problems = "\n".join(f"row {p['row']}: {p['column']}: {p['message']}" for p in report["problems"])
    return f"rows {report['rows']}; {counts}\n{problems}".strip()


@main.command()
@click.argument("kind", type=click.Choice(["areas", "cases", "households", "people"]))
@click.option("--area", "area_code", metavar="CODE", required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--request", "number", metavar="NUMBER", help="The approved request (households, people).")
@acting
def export(kind: str, area_code: str, out: Path, number: str | None, by: Any) -> None:
    """Write areas, or cases without persons, to .csv, .xlsx or (areas) .geojson; people only by an approved request."""
    if kind in ("households", "people"):
        from linli.exports.commands import NotGiven, write_approved

        try:
            count = write_approved(kind, area=_area(area_code), number=number or "", out=out, by=by)
        except NotGiven as refused:
            raise click.ClickException(str(refused)) from refused
        click.echo(f"{count} rows: {out}")
        return
    from linli.areas.sheets import export_areas
    from linli.cases.sheets import export_cases

    write = export_areas if kind == "areas" else export_cases
    count = write(_area(area_code), out, by=by)
    click.echo(f"{count} rows: {out}")


@main.command()
@click.option("--area", "area_code", metavar="CODE", help="Check this subtree only.")
@click.option("--json", "as_json", is_flag=True)
@acting
def check(area_code: str | None, as_json: bool, by: Any) -> None:
    """Name gaps, overlaps, orphans, vacancies, values to correct and cases that break their workflow."""
    from linli.checks import check_all, report_lines

    report = check_all(_area(area_code) if area_code else None, by=by)
    _tell(report, as_json, report_lines)
    sys.exit(0 if report["clean"] else 1)


@main.command()
@click.argument("buildings", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--communities", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--roads", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="class = main bounds grids."
)
@click.option("--target", default=300, show_default=True, type=click.IntRange(1), help="Households a grid.")
@click.option("--min", "lowest", default=200, show_default=True, type=click.IntRange(0), help="Households at least.")
@click.option("--max", "highest", default=400, show_default=True, type=click.IntRange(1), help="Households at most.")
@click.option("--previous", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Grids to mend.")
@click.option("--preset", type=click.Choice(["quick", "default", "best"]), default="default", show_default=True)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Grids as GeoJSON.")
@click.option("--assignment", type=click.Path(dir_okay=False, path_type=Path), help="CSV: building_id,grid.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def plan(buildings: Path, communities: Path, as_json: bool, **given: Any) -> None:
    """Divide communities into grids: GeoJSON files in, GeoJSON out. Needs no database."""
    from linli.planfiles import PlanFiles, PlanRequest, carry_out

    files = PlanFiles(buildings, communities, *(given[name] for name in ("roads", "previous", "out", "assignment")))
    wanted = {name: given[name] for name in ("target", "lowest", "highest", "preset", "seed")}
    if not wanted["lowest"] <= wanted["target"] <= wanted["highest"]:
        raise click.UsageError("--target lies between --min and --max")
    try:
        report = carry_out(files, PlanRequest(**wanted))
    except (ValueError, OSError) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    for line in report.problems:
        click.echo(line, err=True)
    click.echo(json.dumps(report.figures, ensure_ascii=False) if as_json else report.words)
    # The process ends here: to look through the whole place once more for garbage takes longer than to read it.
    gc.freeze()


@main.command()
@click.option("--now", "moment", metavar="ISO", help="Act as if it were this moment.")
@acting
def tick(moment: str | None, by: Any) -> None:
    """Run what is due; safe to repeat."""
    from linli.core import clock
    from linli.jobs import schedule

    if moment is None:
        done = schedule.run_due(clock.now())
    else:
        try:
            at = datetime.fromisoformat(moment)
        except ValueError:
            raise click.UsageError(f"{moment!r} is no ISO time such as 2026-11-24T10:00+08:00") from None
        at = at if at.tzinfo else at.replace(tzinfo=clock.SHANGHAI)
        with clock.frozen(at):
            done = schedule.run_due(clock.now())
    click.echo(", ".join(done) or "nothing was due")


@main.group()
def journal() -> None:
    """Prove that the journal was not altered."""


@journal.command()
@click.option("--json", "as_json", is_flag=True)
def verify(as_json: bool) -> None:
    """Check every seal; exit 1 and name the first bad entry if one was changed, removed or cut off."""
    _prepare()
    from linli.journal.queries import verify as verify_journal

    verdict = verify_journal()
    value = {
        "ok": verdict.ok,
        "entries": verdict.entries,
        "problem": verdict.problem or None,
        "number": verdict.number,
    }
    _tell(
        value,
        as_json,
        lambda v: f"{v['entries']} entries, unaltered" if v["ok"] else f"entry {v['number']}: {v['problem']}",
    )
    sys.exit(0 if verdict.ok else 1)
