"""Commands about people who are to be forgotten, and about the keys that this rests on."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from api.cli.consents import InProgramme, Person, find
from api.cli.options import By, Json, ProgrammeName, Today, moment, opened, opened_at
from api.cli.output import emit, show
from api.erasing import ask_or_confirm
from api.routes.consents import programmes_of
from domain.consent import Ground
from domain.errors import UnknownPerson
from projections import erasures
