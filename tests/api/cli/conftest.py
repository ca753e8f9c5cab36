"""What every command finds in its environment."""

import pytest


@pytest.fixture(autouse=True)
def _keys(monkeypatch, master_key):
    monkeypatch.setenv("ALONGSIDE_MASTER_KEY", master_key)
