"""Mutated uploads and bombs: refused or reported in time and memory, and whoever reads them lives on.

    python -m benchmarks.uploads [--files 300] [--seed 0]

Good files (CSV, Excel, Parquet, zip, gz, JSON) are cut, spliced, flipped and stuffed at random; then come bombs:
archives that unpack to gigabytes, sheets of a million columns, deep JSON, texts of megabytes. Each is previewed as the
pages do.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import resource
import time
import zipfile
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.history import preview_upload

UTC = SiteCalendar(timezone="UTC")
MB = 1 << 20


def good_files() -> dict[str, bytes]:
    """The same fortnight as each kind of file."""
    start = pd.date_range("2026-01-05", periods=14 * 48, freq="30min")
    calls = np.random.default_rng(0).poisson(20, len(start))
    frame = pd.DataFrame({"timestamp": start.strftime("%Y-%m-%d %H:%M"), "queue": "voice", "calls": calls})
    text = frame.to_csv(index=False).encode()
    sheet, table, archive = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with pd.ExcelWriter(sheet, engine="xlsxwriter") as writer:
        frame.to_excel(writer, index=False)
    frame.to_parquet(table)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.csv", text)
    told = frame.to_json(orient="records").encode()
    kinds = {"a.csv": text, "a.xlsx": sheet.getvalue(), "a.parquet": table.getvalue()}
    return {**kinds, "a.zip": archive.getvalue(), "a.csv.gz": gzip.compress(text), "a.json": told}


def mutated(content: bytes, chance: random.Random) -> bytes:
    """One to three wounds: bits flipped, a piece cut, doubled or replaced, a megabyte stuffed in."""
    wounded = bytearray(content)
    for _ in range(chance.randint(1, 3)):
        here, there = sorted(chance.randrange(len(wounded) + 1) for _ in range(2))
        match chance.randrange(5):
            case 0:
                for _ in range(chance.randint(1, 40)):
                    wounded[chance.randrange(len(wounded))] ^= 1 << chance.randrange(8)
            case 1:
                del wounded[here : min(there, here + len(wounded) // 2)]
            case 2:
                wounded[here:here] = wounded[here:there]
            case 3:
                wounded[here:there] = chance.randbytes(chance.randint(1, 400))
            case _:
                wounded[here:here] = chance.choice([b"\0", b"9", b'"', b",", "\u202e".encode()]) * MB
        wounded = wounded or bytearray(b"?")
    return bytes(wounded)


def bombs() -> Iterator[tuple[str, bytes]]:
    """Small files that are large inside."""
    zeros = gzip.compress(b"timestamp,calls\n" + b"0" * (256 * MB), 9)
    yield "bomb.csv.gz", zeros
    yield "twice.csv.gz", gzip.compress(zeros)
    for count, size in ((1, 1024 * MB), (2_000, MB), (50_000, 1)):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(count):
                archive.writestr(f"{number}.csv", b"0" * size)
        yield f"{count}.zip", packed.getvalue()
        yield f"{count}.xlsx", packed.getvalue()
    yield "deep.json", b"[" * 5_000_000
    yield "deep-objects.json", b'{"a":' * 1_000_000
    yield "number.json", b'[{"timestamp":"2026-01-05","calls":' + b"9" * 20_000_000 + b"}]"
    yield "columns.csv", b"timestamp," + b",".join(b"c%d" % k for k in range(1_000_000)) + b"\n"
    yield "columns.json", json.dumps([{f"c{k}": k for k in range(300_000)}]).encode()
    yield "text.csv", b"timestamp,calls\n2026-01-05 09:00," + b"x" * (150 * MB)
    yield "quotes.csv", b'timestamp,calls\n"' + b"2026-01-05,1\n" * 8_000_000
    yield "rows.csv", b"timestamp,calls\n" + b"2026-01-05 09:00,1\n" * 8_000_000
    for shape in ("A1:XFD1048576", "A1:ZZZZZ99999999"):
        sheet = good_files()["a.xlsx"]
        packed = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(sheet)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(
                    name, old.read(name).replace(b'<dimension ref="A1:C673"/>', f'<dimension ref="{shape}"/>'.encode())
                )
        yield f"{shape[3:6]}.xlsx", packed.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    chance, good = random.Random(asked.seed), good_files()
    names = list(good)
    files = ((name, mutated(good[name], chance)) for name in (names[k % len(names)] for k in range(asked.files)))
    for title, several in (("mutated", files), ("bombs", bombs())):
        ends, slowest = Counter[str](), (0.0, "")
        for name, content in several:
            begun = time.monotonic()
            report = preview_upload(name, content, UTC)
            slowest = max(slowest, (time.monotonic() - begun, f"{name}, {len(content) / MB:.1f} MB"))
            ends[report.status] += 1
        children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{title}: {sum(ends.values())} files, {dict(ends)}; slowest {slowest[0]:.1f} s ({slowest[1]}); ")
        print(f"  largest child {children:.0f} MB, this process {own:.0f} MB")


if __name__ == "__main__":
    main()
