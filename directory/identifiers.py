"""The legal numbers of firms: SIREN, SIRET, Swiss UID. Pure; the arithmetic is python-stdnum's."""

from enum import StrEnum

from stdnum.ch import uid
from stdnum.exceptions import ValidationError as BadNumber
from stdnum.fr import siren, siret


class Register(StrEnum):
    """Which register a number is of."""

    SIREN = "siren"
    SIRET = "siret"
    UID = "uid"


_RULES = {Register.SIREN: siren, Register.SIRET: siret, Register.UID: uid}


def compact(number: str) -> tuple[Register, str]:
    """The register of a number and its plain form (« 732 829 320 00074 » → "73282932000074").

    A Swiss number begins with CHE; else the length says which. Raises ValueError for what is no
    number of any of them, a wrong check digit included.
    """
    plain = "".join(number.split()).upper()
    if plain.startswith("CHE"):
        register = Register.UID
    elif len(plain.replace("-", "").replace(".", "")) > 9:
        register = Register.SIRET
    else:
        register = Register.SIREN
    try:
        return register, str(_RULES[register].validate(plain))
    except BadNumber as error:
        raise ValueError(number) from error


def spaced(register: Register, number: str) -> str:
    """As people read it: « 732 829 320 00074 », « CHE-123.456.788 »."""
    if register is Register.UID:
        return str(uid.format(number))
    head, tail = number[:9], number[9:]
    groups = [head[:3], head[3:6], head[6:9], tail]
    return " ".join(group for group in groups if group)
