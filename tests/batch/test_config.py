import pytest

from staffing.batch.config import Config
from staffing.errors import InputError


def read(folder, text):
    path = folder / "nightly.toml"
    path.write_text(text)
    return Config.read(path)


def test_a_file_is_what_the_command_line_is(tmp_path):
    told = read(tmp_path, 'workspaces = ["one", "two@db"]\nhorizon = "8w"\nworkers = 3\nlimit = 60\n')
    assert told == Config((str(tmp_path / "one"), "two@db"), horizon="8w", workers=3, limit=60)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('worskpaces = ["one"]', "'worskpaces': is no key of a nightly run. Did you mean 'workspaces'?"),
        ('workspaces = ["one"]\nstale-after = "3d"', "Did you mean 'stale_after'?"),
        ('workspaces = ["one"]\nzebra = 1', "Known: workspaces, scenario"),
        ('workspaces = ["one"]\nworkers = "two"', "'workers': must be a whole number."),
        ('workspaces = ["one"]\nengine = "ray"', "'ray' is no engine. Choose 'local' or 'dask'."),
        ('horizon = "28d"', "names no workspaces."),
        ("workspaces = [", "nightly.toml"),
    ],
)
def test_what_is_wrong_names_the_key_and_the_nearest(tmp_path, text, said):
    with pytest.raises(InputError) as wrong:
        read(tmp_path, text)
    assert said in str(wrong.value)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.toml: cannot be read"):
        Config.read(tmp_path / "nowhere.toml")
