import pytest

from staffing.cli import main


@pytest.fixture
def run(capsys):
    """Run the command line; returns exit code, standard output, standard error."""

    def call(*words):
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        captured = capsys.readouterr()
        return ended.value.code, captured.out, captured.err

    return call
