import shutil
import sys

import pytest

from staffing.ui import workspaces


@pytest.fixture(autouse=True)
def _one_workspace(planned_workspace, monkeypatch):
    """The pages offer a small workspace first; its finished stages are kept from test to test."""
    monkeypatch.setattr(sys, "argv", ["app.py"])
    monkeypatch.setenv(workspaces.VARIABLE, str(planned_workspace))
    yield
    shutil.rmtree(planned_workspace / ".desk", ignore_errors=True)  # drafts outlive a session
