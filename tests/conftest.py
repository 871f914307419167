import os
import tempfile

import pytest

from tests import small

# What a person keeps on this machine is none of a test's business: no database of theirs is read or written.
os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="staffing-data-")


@pytest.fixture
def small_workspace(tmp_path):
    """A folder with a small workspace, fresh for the test."""
    return small.make(tmp_path / "desk")


@pytest.fixture(scope="session")
def planned_workspace(tmp_path_factory):
    """A small workspace that tests plan again and again but do not change; its finished stages are kept."""
    return small.make(tmp_path_factory.mktemp("planned") / "desk")
