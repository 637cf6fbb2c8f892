"""The words of the journal: what an action and a kind of object are called in the language of the page."""

from __future__ import annotations

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Every action that is recorded, in the order in which the filter offers them.
ACTIONS: dict[str, str | Promise] = {
    "accounts.sign_in": _("signed in"),
    "accounts.sign_out": _("signed out"),
    "accounts.create_user": _("created an account"),
    "accounts.add_users": _("added accounts in bulk"),
    "accounts.set_password": _("set a password"),
    "accounts.set_active": _("opened or closed an account"),
    "accounts.create_token": _("created a token"),
    "areas.add": _("added an area"),
    "areas.rename": _("renamed an area"),
    "areas.set_boundary": _("drew a boundary"),
    "areas.set_supervision_phone": _("changed the supervision phone"),
    "areas.add_department": _("added a department"),
    "areas.export": _("took out the list of areas"),
    "posts.create": _("created a post"),
    "posts.appoint": _("appointed to a post"),
    "posts.end": _("ended a post"),
    "files.keep": _("received a file"),
    "files.process_photo": _("prepared a photo"),
    "files.remove": _("removed a file"),
    "files.remove_strays": _("removed left-over files"),
    "jobs.start": _("started background work"),
    "jobs.request_cancel": _("asked background work to stop"),
    "jobs.done": _("background work is done"),
    "jobs.failed": _("background work failed"),
    "jobs.cancelled": _("background work was stopped"),
    "exchange.receive": _("uploaded a workbook"),
    "exchange.read": _("read a workbook"),
    "exchange.refuse": _("could not read a workbook"),
    "exchange.check": _("checked a workbook"),
    "exchange.apply": _("took over a workbook"),
    "exchange.undo": _("undid a workbook"),
    "exchange.export_errors": _("took out the rows of a workbook that need work"),
    "housing.add_compound": _("added a compound"),
    "housing.add_building": _("added a building"),
    "housing.add_buildings": _("added buildings in bulk"),
    "housing.add_dwellings": _("added homes in bulk"),
    "housing.assign_grid": _("put a building into a grid"),
    "housing.make_plates": _("made door plates"),
    "housing.set_occupancy": _("noted how a home is used"),
    "housing.undo_homes": _("took homes back with a workbook"),
    "people.add_households": _("added households in bulk"),
    "people.import": _("took people over from a workbook"),
    "people.undo_import": _("took people back with a workbook"),
    "people.reveal": _("looked at a hidden number"),
    "people.correct": _("put a value right"),
    "people.keep_as_written": _("kept a value as written"),
    "units.add": _("wrote down a unit"),
    "units.change": _("changed a unit"),
    "units.move": _("moved a unit"),
    "units.close": _("noted that a unit closed"),
    "units.reopen": _("noted that a unit opened again"),
    "units.reveal_contact": _("looked at the phone of a unit"),
    "cases.load_presets": _("loaded the preset categories"),
    "cases.export": _("took out a list of cases"),
    "cases.set_route": _("set where a category goes"),
    "cases.create_cases": _("created cases in bulk"),
    "cases.report": _("reported a case"),
    "cases.solve_on_spot": _("solved a case on the spot"),
    "cases.reclassify": _("chose another way for a case"),
    "cases.accept": _("accepted a case"),
    "cases.hand_up": _("handed a case up"),
    "cases.dispatch": _("dispatched a case"),
    "cases.handle": _("handled a case"),
    "cases.reply": _("answered a resident"),
    "cases.return": _("returned a case"),
    "cases.check": _("checked a case"),
    "cases.merge": _("merged a case"),
    "cases.take_in": _("took a report of the same matter into a case"),
    "cases.report_oral": _("reported an emergency by word of mouth"),
    "cases.report_written": _("reported an emergency in writing"),
    "cases.submit": _("submitted a case for a decision"),
    "cases.decide": _("decided a case"),
    "cases.confirm": _("confirmed a case as solved"),
    "cases.reopen": _("reopened a case"),
    "cases.lapse": _("closed a case as answered"),
    "cases.note": _("wrote a note on a case"),
    "cases.reveal_contact": _("looked at a resident's phone"),
    "cases.renew_link": _("renewed a resident's link"),
    "cases.attach_photos": _("attached photos to a case"),
}


# Who acts without an account.
ACTORS: dict[str, str | Promise] = {"system": _("Linli by itself"), "resident": _("a resident")}
# Where something was done when it was not done from an address.
SOURCES: dict[str, str | Promise] = {
    "command": _("the command line"),
    "public": _("a public page"),
    "tasks": _("background work"),
}
# Purposes that a person chose from a list are recorded by their code; other reasons are recorded as written.
REASONS: dict[str, str | Promise] = {
    "visit": _("to arrange a visit"),
    "case": _("to handle a case"),
    "check": _("to check the record"),
}
# The kinds of object that the filter offers, as ``app.model``.
OBJECTS = (
    "people.person",
    "people.household",
    "people.correction",
    "units.unit",
    "cases.case",
    "housing.building",
    "exchange.batch",
    "areas.area",
    "areas.post",
    "areas.department",
    "accounts.user",
    "accounts.token",
    "files.upload",
    "jobs.job",
)


def action_words(action: str) -> str:
    """Return what an action is called; one without words, from an older version, keeps its own name."""
    return str(ACTIONS.get(action, action))


def actor_words(actor: str) -> str:
    """Return who acts without an account, in words; for a user name nothing."""
    return str(ACTORS.get(actor, ""))


def source_words(source: str) -> str:
    """Return where something was done: words, or the address of the device as it is."""
    return str(SOURCES.get(source, source))


def reason_words(reason: str) -> str:
    """Return a reason as a sentence."""
    return str(REASONS.get(reason, reason))


def object_words(object_type: str) -> str:
    """Return what a kind of object is called: the name of its table, or its own name where that is gone."""
    app, _dot, model = object_type.partition(".")
    try:
        return str(apps.get_model(app, model)._meta.verbose_name)
    except LookupError:
        return object_type
