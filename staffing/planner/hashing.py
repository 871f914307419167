"""What names a table in the key of finished work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffing.domain.base import content_hash

if TYPE_CHECKING:
    import pandas as pd


def frame_hash(frame: pd.DataFrame) -> str:
    """A hash of a table's content."""
    import pandas as pd

    rows = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    return content_hash(list(frame.columns), rows.tobytes().hex())
