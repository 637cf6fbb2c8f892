from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sex(TextChoices):
    UNKNOWN = "", _("not said")
    FEMALE = "female", _("female")
    MALE = "male", _("male")


class Relation(TextChoices):
    """Relation to the head of the household."""

    HEAD = "head", _("head of household")
    SPOUSE = "spouse", _("spouse")
    SON = "son", _("son")
    DAUGHTER = "daughter", _("daughter")
    FATHER = "father", _("father")
    MOTHER = "mother", _("mother")
    GRANDCHILD = "grandchild", _("grandchild")
    GRANDPARENT = "grandparent", _("grandparent")
    SIBLING = "sibling", _("brother or sister")
    CHILD_IN_LAW = "child_in_law", _("son- or daughter-in-law")
    PARENT_IN_LAW = "parent_in_law", _("parent-in-law")
    OTHER = "other", _("other")


class Registration(TextChoices):
    """Where the person is registered, seen from this dwelling."""

    HERE = "here", _("registered here")
    ELSEWHERE = "elsewhere", _("registered elsewhere")
    UNKNOWN = "unknown", _("not known where registered")


class Presence(TextChoices):
    """Where the person lives, seen from this dwelling."""

    HERE = "here", _("lives here")
    NEARBY = "nearby", _("lives elsewhere in the city")
    AWAY = "away", _("lives in another city")


class CorrectionState(TextChoices):
    OPEN = "open", _("to be corrected")
    DONE = "done", _("corrected")
    KEPT = "kept", _("checked, right as written")


class RevealPurpose(TextChoices):
    """What a hidden number is looked at for."""

    VISIT = "visit", _("to arrange a visit")
    CASE = "case", _("to handle a case")
    CHECK = "check", _("to check the record")


class Certainty(TextChoices):
    """How sure it is that two entries are one person."""

    CERTAIN = "certain", _("surely one person")
    LIKELY = "likely", _("very much alike")
    POSSIBLE = "possible", _("somewhat alike")


class Reason(TextChoices):
    """What speaks for or against two entries being one person."""

    SAME_ID = "same_id", _("same ID number")
    ID_TYPO = "id_typo", _("ID numbers differ in one place")
    SAME_WRONG_ID = "same_wrong_id", _("same ID number, written wrongly in both")
    OTHER_ID = "other_id", _("different ID numbers")
    SAME_NAME = "same_name", _("same name")
    NAME_SOUNDS_ALIKE = "name_sounds_alike", _("names sound alike")
    NAME_ONE_CHARACTER = "name_one_character", _("names differ in one character")
    NAME_HALF = "name_half", _("one character of the names is the same")
    OTHER_NAME = "other_name", _("different names")
    SAME_BIRTH = "same_birth", _("same date of birth")
    BIRTH_TYPO = "birth_typo", _("dates of birth differ in one place")
    OTHER_BIRTH = "other_birth", _("different dates of birth")
    SAME_PHONE = "same_phone", _("same phone")
    OTHER_PHONE = "other_phone", _("different phones")
    SAME_HOME = "same_home", _("same home")
    OTHER_SEX = "other_sex", _("different sexes")
    MAYBE_TWINS = "maybe_twins", _("perhaps twins")


class DuplicateState(TextChoices):
    """What became of a pair of entries that may be one person."""

    OPEN = "open", _("to be looked at")
    LATER = "later", _("put off")
    MERGED = "merged", _("one person, merged")
    DIFFERENT = "different", _("two people")


class Side(TextChoices):
    """The two entries of a pair, as they stand beside each other."""

    FIRST = "first", _("the left one")
    SECOND = "second", _("the right one")


class Standing(TextChoices):
    """How a person belongs to the place: follows from registration, presence and dates, and is never typed."""

    RESIDENT = "resident", _("registered and living here")
    IN_FLOW = "in_flow", _("came from elsewhere")
    LODGING = "lodging", _("staying for less than half a year")
    OUT_FLOW = "out_flow", _("gone to another city")
    APART = "apart", _("registered here, lives elsewhere in the city")
    UNCLEAR = "unclear", _("registration not clear")
    NEITHER = "neither", _("neither registered nor living here")


class EventKind(TextChoices):
    """What happened to people and their homes."""

    MOVE_IN = "move_in", _("moving in")
    MOVE_OUT = "move_out", _("moving away")
    MOVE_HOME = "move_home", _("moving to another home of the grid")
    TRANSFER = "transfer", _("moving to another grid")
    BIRTH = "birth", _("a birth")
    DEATH = "death", _("a death")
    SPLIT = "split", _("dividing a household")
    MERGE = "merge", _("joining two households")
    HEAD = "head", _("another head of household")
    STANDING = "standing", _("registration or living changed")
    IMPORT = "import", _("change by a workbook")
    DUPLICATE = "duplicate", _("two entries made one")


class Destination(TextChoices):
    """Where somebody moved to, as far as the person says; a person owes no answer."""

    NOT_SAID = "not_said", _("not said")
    SAME_DISTRICT = "same_district", _("in the same district")
    ELSEWHERE = "elsewhere", _("elsewhere")


class TransferState(TextChoices):
    WAITING = "waiting", _("waits for the other grid")
    ACCEPTED = "accepted", _("confirmed by the other grid")
    REFUSED = "refused", _("not taken over")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Consent(TextChoices):
    """Whether somebody who moves agreed that what is known of them goes along; nothing depends on the answer."""

    NOT_ASKED = "not_asked", _("not asked")
    AGREED = "agreed", _("agreed")
    DECLINED = "declined", _("did not agree")


class Withheld(TextChoices):
    """What a person may prefer not to say; an answer like any other."""

    ID_NUMBER = "id_number", _("ID number")
    BIRTH_DATE = "birth_date", _("date of birth")
    PHONE = "phone", _("phone")
    REGISTERED_ADDRESS = "registered_address", _("registered address")
    EMPLOYER = "employer", _("place of work")
    EMERGENCY_CONTACT = "emergency_contact", _("emergency contact")
    SKILLS = "skills", _("skills offered")
