"""Who may know what about whom, and on whose word: one ledger a person, from which every permission is decided."""

from domain.consent.asking import Asking
from domain.consent.blocking import Blocking
from domain.consent.emergency import Endangered
from domain.consent.freezing import Freezing
from domain.consent.giving_up import GivingUp
from domain.consent.leaving import Leaving
from domain.consent.naming import Naming
from domain.consent.relying import Relying
from domain.consent.saying import Saying
from domain.consent.standing import Spoken


class ConsentLedger(Asking, Naming, Saying, GivingUp, Relying, Blocking, Leaving, Spoken, Freezing, Endangered):
    """What a person said, who speaks for them, whom they keep away, every act that relied on it, who was told."""
