"""`export`: writes the folder, completely or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from comsim.common import arguments
from comsim.common.errors import InputError
from comsim.common.version import __version__
from comsim.files.folders import whole_folder
from comsim.files.origin import code_hash
from comsim.files.strict import write_json
from comsim.files.sums import Changed, Kept, changed, seal
from comsim.present.odd import odd
from comsim.publication.behaviorspace import write_behaviorspace
from comsim.publication.contents import CRATE, ODD, PROVENANCE, README, SUMS, paths_in, sums_of
from comsim.publication.crate import crate, licence_of
from comsim.publication.readme import readme
from comsim.publication.rerun import check_experiment, write_experiment
from comsim.publication.tables import write_tables
from comsim.results.analysis import FOLDER as ANALYSIS
from comsim.results.analysis import MARK as ANSWERS
from comsim.studies.experiments.result import Sweep, load_sweep
from comsim.studies.shards.files import MERGED


def export(
    sweep: Sweep | str | Path,
    out: str | Path | None = None,
    *,
    licence: str | None = None,
    authors: str | Sequence[str] = (),
    force: bool = False,
) -> Path:
    """Write a finished sweep (or its folder) as a self-contained folder; returns its path.

    It has a README, the experiment as files that reproduce the runs, the tables (also in the form
    of NetLogo's BehaviorSpace), the ODD description of the model, provenance, RO-Crate metadata and
    checksums; and the analysis, if there is one in the sweep's folder. By default it is beside that
    folder, as NAME-published. The same sweep and code give the same bytes. `licence`: an SPDX
    identifier or a URL. `force` replaces an earlier export. InputError if the folder is not a
    finished sweep, or the output folder exists.
    """
    sweep = sweep if isinstance(sweep, Sweep) else load_sweep(sweep)
    authors = arguments.words(authors)
    if licence:
        licence_of(licence)
    folder, analysis = folder_of(sweep.folder, out), _analysis(sweep)
    answered = [analysis.folder / name for name in analysis.names] if analysis else []
    with whole_folder(folder, force, CRATE) as part:
        write_experiment(sweep, part)
        write_tables(sweep, part)
        check_experiment(sweep, part)
        for path in [sweep.folder / MERGED, *sweep.series_files(), *answered]:
            copy = part / path.relative_to(sweep.folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        write_behaviorspace(sweep, part)
        (part / ODD).write_text(odd(), encoding="utf-8")
        seal(part, PROVENANCE, provenance(sweep))
        files = [*paths_in(part), README, CRATE, SUMS]
        text = readme(sweep, files, analysis and analysis.said, licence, authors)
        (part / README).write_text(text, encoding="utf-8")
        write_json(part / CRATE, crate(sweep, part, licence, authors))
        (part / SUMS).write_text(sums_of(part), encoding="utf-8")
    return folder


def folder_of(sweep: Path, out: str | Path | None = None) -> Path:
    """The output folder for a sweep, by default beside its folder."""
    sweep = sweep.resolve()
    return Path(out) if out else sweep.with_name(f"{sweep.name}-published")


def provenance(sweep: Sweep) -> dict[str, Any]:
    """The origin of the runs and of the folder."""
    manifest = sweep.manifest
    return {
        "work": manifest.digest,
        "runs": manifest.runs,
        "failed": manifest.failed,
        "started": manifest.started,
        "finished": manifest.updated,
        **manifest.identity,
        "exported_with": {"comsim": __version__, "code": code_hash()},
    }


def _analysis(sweep: Sweep) -> Kept | None:
    """The analysis in a sweep's folder, if there is one; InputError if one of its files has changed
    since it was written, or it is of another sweep."""
    folder = sweep.folder / ANALYSIS
    if not folder.is_dir():
        return None
    try:
        kept = Kept(folder, ANSWERS)
        kept.check()
        of = kept.said["sweep"]["digest"]
    except FileNotFoundError:
        raise changed(folder / ANSWERS, how="missing") from None
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, Changed):
            raise
        allowed = "an analysis of this sweep"
        raise InputError.at(folder, ANSWERS, "something else", allowed) from None
    if of != sweep.manifest.digest:
        raise InputError.at(folder, ANSWERS, "one of another sweep", "an analysis of this sweep")
    return kept
