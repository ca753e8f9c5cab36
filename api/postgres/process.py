"""How is a program started as another account, and so that it cannot outlive this process?"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import IO

from api.postgres.account import ROOT, Account

PR_SET_PDEATHSIG = 1  # linux/prctl.h

# The same on every machine, and none of our secrets: a superuser of the database can read the server's environment.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

_FIRST_CLOSED = 'for folder do [ -x "$folder" ] || { printf %s "$folder"; exit; }; done'


def die_with(parent: int) -> None:
    """Ask Linux to interrupt this child when the thread that started it ends; elsewhere there is no such request."""
    if sys.platform == "linux":
        _prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:  # it died before the request was made
            os._exit(1)


def start(command: Sequence[str | Path], account: Account, *, output: IO[bytes] | int) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, where the terminal's Ctrl-C does not reach it."""
    return subprocess.Popen(  # noqa: S603 -- programs and arguments are ours
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd="/",  # the account may not be allowed into our own folder
        env=ENVIRONMENT,
        user=None if account.is_ours else account.uid,
        group=None if account.is_ours else account.gid,
        extra_groups=[] if os.geteuid() == ROOT else None,
        start_new_session=True,
        # Runs after the change of user, which would clear the request; calls nothing that another thread could lock.
        preexec_fn=partial(die_with, os.getpid()),  # noqa: PLW1509
    )


def run(command: Sequence[str | Path], account: Account) -> tuple[int, str]:
    """Run a program to its end and give its exit status and all it printed."""
    with start(command, account, output=subprocess.PIPE) as process:
        try:
            printed, _ = process.communicate()
        except BaseException:
            process.kill()
            raise
    return process.returncode, os.fsdecode(printed)


def first_closed(folders: Sequence[Path], account: Account) -> Path | None:
    """Give the first folder that the account may not enter."""
    if account.is_ours:
        return None
    # Asks the kernel, as the mode bits do not tell everything.
    _, closed = run(["/bin/sh", "-c", _FIRST_CLOSED, "sh", *folders], account)
    return Path(closed) if closed else None


if sys.platform == "linux":
    _prctl = ctypes.CDLL(None).prctl  # looked up before any fork
