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
    "exchange.finish": _("brought to its end what was interrupted with a workbook"),
    "exchange.learn_headers": _("remembered what columns of workbooks mean"),
    "exchange.forget_header": _("forgot what a column of workbooks means"),
    "exchange.export_errors": _("took out the rows of a workbook that need work"),
    "exports.request": _("asked to take a list out"),
    "exports.approve": _("approved that a list is taken out"),
    "exports.refuse": _("did not approve that a list is taken out"),
    "exports.make": _("made the file of a list"),
    "exports.download": _("downloaded a list"),
    "exports.withdraw": _("took back what was asked for"),
    "exports.forget": _("removed what was written down about old lists"),
    "housing.add_compound": _("added a compound"),
    "housing.add_building": _("added a building"),
    "housing.add_buildings": _("added buildings in bulk"),
    "housing.add_dwellings": _("added homes in bulk"),
    "housing.assign_grid": _("put a building into a grid"),
    "housing.make_plates": _("made door plates"),
    "housing.set_occupancy": _("noted how a home is used"),
    "housing.import_homes": _("took homes over from a workbook"),
    "housing.import_buildings": _("took buildings over from a workbook"),
    "housing.import_rentals": _("took homes that are let over from a workbook"),
    "housing.undo_rentals": _("took homes that are let back with a workbook"),
    "housing.undo_buildings": _("took buildings back with a workbook"),
    "housing.undo_homes": _("took homes back with a workbook"),
    "housing.rename_compound": _("renamed a compound"),
    "housing.remove_compound": _("removed a compound"),
    "housing.change_building": _("changed a building"),
    "housing.remove_building": _("removed a building"),
    "housing.add_home": _("added a home"),
    "housing.change_home": _("changed a home"),
    "housing.remove_home": _("removed a home"),
    "housing.add_owner": _("wrote down an owner"),
    "housing.change_owner": _("changed an owner"),
    "housing.end_ownership": _("ended an ownership"),
    "housing.start_tenancy": _("wrote down a tenancy"),
    "housing.end_tenancy": _("ended a tenancy"),
    "housing.mark_home": _("noted one of the four ones"),
    "housing.declare_dormitory": _("wrote down what a dormitory declares"),
    "housing.reveal_phone": _("looked at a phone of a home"),
    "housing.write_check": _("wrote down a safety check"),
    "housing.report_repair": _("reported a repair"),
    "housing.take_up_mend": _("opened a case for a repair"),
    "housing.settle_mend": _("settled a repair"),
    "housing.reopen_mend": _("opened a repair again"),
    "housing.add_facility": _("added a facility"),
    "housing.change_facility": _("changed a facility"),
    "housing.remove_facility": _("removed a facility"),
    "housing.load_lists": _("loaded the lists of housing"),
    "housing.add_item": _("added a row to a list of housing"),
    "housing.change_item": _("changed a row of a list of housing"),
    "housing.change_profile": _("changed a community profile"),
    "housing.add_budget_line": _("added a line of money"),
    "housing.remove_budget_line": _("removed a line of money"),
    "housing.add_honour": _("added an honour"),
    "housing.remove_honour": _("removed an honour"),
    "housing.mark_clear": _("noted one of the six clears"),
    "people.add_households": _("added households in bulk"),
    "people.import": _("took people over from a workbook"),
    "people.undo_import": _("took people back with a workbook"),
    "people.reveal": _("looked at a hidden number"),
    "people.correct": _("put a value right"),
    "people.keep_as_written": _("kept a value as written"),
    "people.change": _("changed facts about a person"),
    "people.change_tie": _("noted how somebody is registered and lives"),
    "people.move_in": _("let somebody move in"),
    "people.move_out": _("let people move away"),
    "people.move_home": _("let people move within the grid"),
    "people.birth": _("noted a birth"),
    "people.death": _("noted a death"),
    "people.split": _("divided a household"),
    "people.merge_households": _("joined two households"),
    "people.change_head": _("changed the head of a household"),
    "people.ask_transfer": _("asked another grid to take people over"),
    "people.accept_transfer": _("took people over from another grid"),
    "people.refuse_transfer": _("did not take people over"),
    "people.withdraw_transfer": _("withdrew a move to another grid"),
    "people.print_household": _("printed the file of a household"),
    "people.print_codes": _("printed the service codes of a grid"),
    "declarations.declare": _("declared something about a home"),
    "declarations.take_up": _("began to look into a declaration"),
    "declarations.prepare": _("prepared a declaration"),
    "declarations.ask": _("asked about a declaration"),
    "declarations.answer": _("answered about a declaration"),
    "declarations.confirm": _("confirmed a declaration"),
    "declarations.refuse": _("refused a declaration"),
    "declarations.withdraw": _("withdrew a declaration"),
    "declarations.lapse": _("let a declaration lapse"),
    "declarations.erase": _("erased what was personal of a declaration"),
    "declarations.remind": _("reminded of a declaration"),
    "declarations.reveal": _("looked at a hidden number of a declaration"),
    "declarations.renew_link": _("renewed the link of a declaration"),
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
ACTORS: dict[str, str | Promise] = {
    "system": _("Linli by itself"),
    "resident": _("a resident"),
    "declarer": _("whoever declared it"),
}
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
    "declarations.declaration",
    "cases.case",
    "housing.building",
    "exchange.batch",
    "exports.export",
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
