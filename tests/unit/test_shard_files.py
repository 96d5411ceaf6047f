"""A shard's files that are spoilt, and made again."""

from __future__ import annotations

import json
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from comsim.studies.shards import files
from comsim.studies.shards.carry_out import carry_out
from comsim.studies.shards.manifest import Manifest

from ..works import contents
from .stopping import WORK, Stops, stopped


def write(table, path):
    """As the shard itself was written."""
    file = pa.BufferOutputStream()
    pq.write_table(table, file)
    path.write_bytes(files.sealed(file.getvalue().to_pybytes()))


def cut(path):
    path.write_bytes(path.read_bytes()[:-20])


def empty(path):
    path.write_bytes(b"")


def flip(path):
    """Change a byte of the data, not of what describes it."""
    data = bytearray(path.read_bytes())
    data[60] ^= 1
    path.write_bytes(data)


def flip_at_the_end(path):
    """Change a byte of what describes the data, one that a reader passes over."""
    data = bytearray(path.read_bytes())
    data[data.rindex(b"parquet-cpp")] ^= 1
    path.write_bytes(data)
    assert pq.ParquetFile(path).read().num_rows > 0


def of_another_shard(path):
    path.write_bytes(path.with_name("000000.parquet").read_bytes())


def of_another_work(path):
    """The same rows, said to be another work's."""
    table = pq.read_table(path)
    said = json.loads(table.schema.metadata[files.KEY])
    said["work"] = Manifest.of(replace(WORK, seed=2)).digest
    write(table.replace_schema_metadata({files.KEY: json.dumps(said)}), path)


def rename(path):
    """As a mistake in a column's name does."""
    table = pq.read_table(path)
    renamed = table.rename_columns(["rum", *table.column_names[1:]])
    write(renamed.replace_schema_metadata(table.schema.metadata), path)


def drop(path):
    path.unlink()


@pytest.mark.parametrize(
    "spoil",
    [cut, empty, flip, flip_at_the_end, rename, of_another_shard, of_another_work, drop],
)
@pytest.mark.parametrize("table", ["parts/runs", "series"])
def test_a_spoilt_file_is_not_read_as_a_result(tmp_path, whole, spoil, table):
    folder = stopped(tmp_path / "out")
    spoil(folder / table / "000001.parquet")
    engine = Stops(99)
    carry_out(WORK, folder, engine, resume=True)
    assert engine.asked == [1, 3, 4, 5]
    assert contents(folder) == contents(whole)


@pytest.mark.parametrize("spoil", [cut, flip, rename, of_another_work, drop])
def test_a_file_spoilt_meanwhile_is_made_again(tmp_path, whole, spoil):
    class Spoils(Stops):
        def each(self, task, shards):
            yield from super().each(task, shards)
            if self.asked[-1] == 5:
                spoil(tmp_path / "out/parts/runs/000001.parquet")

    engine = Spoils(99)
    carry_out(WORK, tmp_path / "out", engine)
    assert engine.asked == [0, 1, 2, 3, 4, 5, 1]
    assert contents(tmp_path / "out") == contents(whole)
