"""What people read before they answer, where a programme has not written it in its own words.

Each text says what for, who is told, how long, how to stop, and what happens then. No condition is named, and nothing
is asked for that somebody could only answer with yes. The first line is the question; empty lines part paragraphs.
"""

from collections.abc import Mapping
from typing import Final

from domain.purposes import Purpose

LANGUAGE: Final = "en"

_STOP: Final = (
    'How to stop. Press "I take it back" on this page, use the link on your receipt, or tell anybody on the team. '
    "You need no reason and nobody will ask for one."
)

WORDINGS: Final[Mapping[Purpose, str]] = {
    Purpose.MATCH_CONSIDER: f"""\
May we look for somebody who fits you?

What for. To find you a mentor or a peer navigator, or people to support if you are one. What you told us, as far as \
you allow it, is compared with what others told us: by a program first, and then by people of the team, who decide.

Who sees it. The coordinators of this programme. Nobody else.

How long. One year, unless you stop earlier. Then it ends by itself and we ask you again.

{_STOP}

What happens then. Nobody looks for a match for you any more. A suggestion that is still open is dropped, and the \
other person is not told why. You stay with us and lose nothing else. You can agree again whenever you like.
""",
    Purpose.MATCH_PROPOSE: f"""\
May we show some of what you told us to one person who may fit you?

What for. So that the two of you can decide whether you would like to meet.

Who sees it. Only the one person whom a coordinator has chosen with you in mind. They see what you allow, under your \
handle. They see neither your name nor how to reach you, and are asked to pass nothing on.

How long. Thirty days, unless you stop earlier. Then it ends by itself and we ask you again.

{_STOP}

What happens then. Nothing of yours is shown any more, and a suggestion that is still open is dropped. The other \
person reads only that it is no longer available. What somebody has already read cannot be unread.
""",
    Purpose.CONTACT_SHARE: f"""\
May we give your contact details to the person you are matched with?

What for. So that the two of you can reach each other, once you have both said yes to the match.

Who sees it. That one person, and only what you allow. They are asked to pass nothing on.

How long. As long as the match lasts, and one year at most.

{_STOP}

What happens then. Your details are no longer shown. The other person may have written them down already; we tell them \
in neutral words that they are no longer available. The match itself can go on without.
""",
    Purpose.CONTACT_SERVICE: f"""\
May we write to you or call you?

What for. To tell you when there is something for you here. Our messages are short and say nothing about why you are \
with us, as somebody else might see them.

Who sees it. The service uses what you allow, and the coordinators of this programme on its behalf. Every message goes \
to you alone.

How long. One year, unless you stop earlier.

{_STOP}

What happens then. We no longer write or call, and messages that wait to be sent are not sent. You find everything \
here when you sign in.
""",
    Purpose.COORD_NOTES: f"""\
May the coordinators read what you told us about yourself?

What for. So that they can help you and answer your questions without asking you everything again.

Who sees it. The coordinators of this programme, and only what you allow. What you marked as a boundary stays closed.

How long. One year, unless you stop earlier.

{_STOP}

What happens then. They no longer see it. What they did while you agreed stays written down, so that you can look it up.
""",
    Purpose.SAFE_SHARE: f"""\
Is there somebody we may call if anyone fears for your life?

What for. So that a person you trust can be told, if you are in danger and we cannot reach you.

Who sees it. The person you name, and nobody else. They are told what you allow, and that we are worried. They are not \
told what you came here for.

How long. One year, unless you stop earlier.

{_STOP}

What happens then. We no longer have anybody to call. Your place here does not depend on this.
""",
    Purpose.STATS: f"""\
May we count you?

What for. To show how many people the programme helps. You are one of a number; small numbers are left out, so that \
nobody can be made out.

Who sees it. Everybody may read the numbers. Nobody reads anything about you.

How long. One year, unless you stop earlier.

{_STOP}

What happens then. You are left out of every count that is made from then on. Numbers that were published before stay \
as they are. Nothing else changes for you.
""",
    Purpose.RESEARCH_CONTACT: f"""\
May we ask you whether you would like to take part in a study?

What for. So that you can decide for yourself, once you know what it is about. This is leave to ask, and no promise.

Who sees it. The study that is named here learns how to reach you, as far as you allow it, and nothing else.

How long. One year, unless you stop earlier.

{_STOP}

What happens then. You are not asked any more. Your place here does not depend on this in any way.
""",
    Purpose.RESEARCH_DATA: f"""\
May a study use what you told us, without your name?

What for. For the one study that is named here, and for no other.

Who sees it. The people of that study. They get what you allow, under a number. They are bound not to find out who you \
are and to pass nothing on.

How long. One year, unless you stop earlier.

{_STOP}

What happens then. They get nothing more. What was given before is listed for you, and the study is told to stop using \
it. Results that are already published stay. Your place here does not depend on this in any way.
""",
    Purpose.TRANSFER: f"""\
May we pass on what you told us to another organisation?

What for. So that the organisation that is named here can help you, without your starting over.

Who sees it. That organisation, once, and only what you allow.

How long. Thirty days, unless you stop earlier. If it has not happened by then, it does not happen.

{_STOP}

What happens then. Nothing is passed on. What was passed on before is listed for you; the organisation answers to you \
for it, and we tell them that you have stopped.
""",
}
