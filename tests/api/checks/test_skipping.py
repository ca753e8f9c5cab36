import json
import os

import pytest
from typer.testing import CliRunner

from api.checks.check import Result
from api.cli import app


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_check_that_cannot_run_here_is_said_to_be_skipped_and_never_counts_as_kept(
    options, database_url, monkeypatch
):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    ran = CliRunner().invoke(app, ["check", "disk-full", *options])
    assert ran.exit_code == 1
    if options:
        told = json.loads(ran.stdout)
        assert (told["skipped"], told["kept"], told["control_caught"]) == (True, False, False)
    else:
        assert ran.stdout.startswith("skipped: this needs Linux and root")


def test_what_was_skipped_is_neither_kept_nor_broken():
    assert Result.skip("no disk").verdict == "skipped"
