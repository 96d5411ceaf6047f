"""`export`: the whole folder, or nothing."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import comsim
from comsim.analysis.folder import FOLDER as ANALYSIS
from comsim.analysis.folder import MARK as ANSWERS
from comsim.experiments.result import SERIES, Sweep, load_sweep
from comsim.folders import whole_folder
from comsim.odd import odd
from comsim.publication.behaviorspace import write_behaviorspace
from comsim.publication.contents import CRATE, ODD, PROVENANCE, README, SUMS, paths_in
from comsim.publication.crate import crate, licence_of
from comsim.publication.readme import readme
from comsim.publication.rerun import check_experiment, write_experiment
from comsim.publication.tables import write_tables
from comsim.results import code_hash, write_json
from comsim.shards.files import MERGED


def export(
    sweep: Sweep | str | Path,
    out: str | Path | None = None,
    *,
    licence: str | None = None,
    authors: Sequence[str] = (),
    force: bool = False,
) -> Path:
    """Write a finished sweep (or its folder) as a folder fit to publish; returns its path.

    It has a README, the experiment as files that make the same runs again, the tables (also in the
    form of NetLogo's BehaviorSpace), the model's ODD, where all comes from, RO-Crate metadata and
    checksums; and the analysis, if there is one in the sweep's folder. By default it lies beside
    that folder, as NAME-published. The same sweep and code give the same bytes. `licence`: an SPDX
    name or an address. `force` replaces an earlier export. InputError where the folder is no
    finished sweep, or is taken.
    """
    sweep = sweep if isinstance(sweep, Sweep) else load_sweep(sweep)
    if licence:
        licence_of(licence)
    folder = folder_of(sweep.folder, out)
    with whole_folder(folder, force, CRATE) as part:
        write_experiment(sweep, part)
        write_tables(sweep, part)
        check_experiment(sweep, part)
        shutil.copyfile(sweep.folder / MERGED, part / MERGED)
        for name in (SERIES, ANALYSIS):
            if (sweep.folder / name).is_dir():
                shutil.copytree(sweep.folder / name, part / name)
        write_behaviorspace(sweep, part)
        (part / ODD).write_text(odd(), encoding="utf-8")
        write_json(part / PROVENANCE, provenance(sweep))
        files = [*paths_in(part), README, CRATE, SUMS]
        text = readme(sweep, files, _answers(part), licence, authors)
        (part / README).write_text(text, encoding="utf-8")
        write_json(part / CRATE, crate(sweep, part, licence, authors))
        (part / SUMS).write_text(_sums(part), encoding="utf-8")
    return folder


def folder_of(sweep: Path, out: str | Path | None = None) -> Path:
    """Where the folder of a sweep is published: beside it, unless said."""
    sweep = sweep.resolve()
    return Path(out) if out else sweep.with_name(f"{sweep.name}-published")


def provenance(sweep: Sweep) -> dict[str, Any]:
    """With what the runs were made, and the folder."""
    said = sweep.manifest
    return {
        "work": said.digest,
        "runs": said.runs,
        "failed": said.failed,
        "started": said.started,
        "finished": said.updated,
        **said.identity,
        "exported_with": {"comsim": comsim.__version__, "code": code_hash()},
    }


def _answers(folder: Path) -> dict[str, Any] | None:
    path = folder / ANALYSIS / ANSWERS
    return json.loads(path.read_text("utf-8")) if path.is_file() else None


def _sums(folder: Path) -> str:
    """The SHA-256 of each file, in the form of `sha256sum`."""
    lines = []
    for path in paths_in(folder):
        with (folder / path).open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path}\n")
    return "".join(lines)
