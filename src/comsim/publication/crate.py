"""ro-crate-metadata.json: a description of the folder for programs, by RO-Crate 1.2.

Source: RO-Crate Metadata Specification 1.2 (https://w3id.org/ro/crate/1.2), Root Data Entity, Data
Entities, and Provenance: "Software used to create files".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from comsim.common.errors import InputError
from comsim.publication.contents import CRATE, SUMS, description_of, format_of, paths_in
from comsim.publication.readme import cited
from comsim.studies.experiments.factors import Factor
from comsim.studies.experiments.portable import DESIGN, EXPERIMENT, SCENARIOS
from comsim.studies.experiments.result import SERIES, Sweep
from comsim.studies.shards.files import MERGED

SPECIFICATION = "https://w3id.org/ro/crate/1.2"
UNSTATED = "No licence is stated. Ask the publisher."
SWEEP, SOFTWARE = "#sweep", "#comsim"

Entity = dict[str, Any]


def crate(
    sweep: Sweep, folder: Path, licence: str | None = None, authors: Sequence[str] = ()
) -> Entity:
    """The crate of a folder, which has all its files except the crate and the checksums."""
    manifest, name = sweep.manifest, sweep.experiment.name
    people = [{"@id": f"#author-{n}", "@type": "Person", "name": name}
              for n, name in enumerate(authors, 1)]  # fmt: skip
    files = [_file(folder, path) for path in [*paths_in(folder), SUMS]]
    variables = [*map(_varied, sweep.factors), *map(_measured, sweep.outcomes)]
    terms = licence_of(licence) if licence else None
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": name,
        "description": sweep.experiment.description.strip() or f"{manifest.runs:,} runs of comsim",
        "datePublished": manifest.updated[:10],
        "license": _id(terms) if terms else UNSTATED,
        **({"author": _ids(people)} if people else {}),
        "creditText": cited(sweep, authors),
        "hasPart": _ids(files),
        "variableMeasured": _ids(variables),
        "mentions": _id({"@id": SWEEP}),
    }
    descriptor = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": SPECIFICATION},
    }
    graph = [descriptor, root, *files, *_made(sweep, files), *variables, *people]
    graph += [terms] if terms else []
    return {"@context": f"{SPECIFICATION}/context", "@graph": graph}


def licence_of(licence: str) -> Entity:
    """A licence by its SPDX identifier or its URL; InputError for anything else."""
    if re.fullmatch(r"https?://\S+", licence):
        address = licence
    elif re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.+-]*", licence):
        address = f"https://spdx.org/licenses/{licence}"
    else:
        allowed = "an SPDX identifier, such as CC-BY-4.0, or a URL"
        raise InputError.at("export", "--licence", repr(licence), allowed)
    return {"@id": address, "@type": "CreativeWork", "name": licence,
            "description": "The licence of these results."}  # fmt: skip


def _made(sweep: Sweep, files: Sequence[Entity]) -> list[Entity]:
    """The action that created the tables of runs, and its software."""
    manifest = sweep.manifest
    read, made = (EXPERIMENT, f"{SCENARIOS}/"), (MERGED, f"{SERIES}/")
    if sweep.experiment.design.kind == "csv":
        read += (DESIGN,)
    software = {
        "@id": SOFTWARE,
        "@type": "SoftwareApplication",
        "name": "comsim",
        "version": manifest.identity["comsim"],
        "description": "An agent-based simulator of the life cycle of brand and interest "
        f"communities; code {manifest.identity['code']}, on {manifest.identity['platform']}.",
        "softwareRequirements": [f"{k} {v}" for k, v in manifest.identity["packages"].items()],
    }
    action = {
        "@id": SWEEP,
        "@type": "CreateAction",
        "name": f"comsim sweep {EXPERIMENT}",
        "description": f"{manifest.runs:,} runs, of which {manifest.failed:,} failed.",
        "startTime": manifest.started,
        "endTime": manifest.updated,
        "instrument": _id(software),
        "object": _ids(file for file in files if file["@id"].startswith(read)),
        "result": _ids(file for file in files if file["@id"].startswith(made)),
    }
    return [action, software]


def _file(folder: Path, path: str) -> Entity:
    entity = {
        "@id": quote(path),
        "@type": "File",
        "name": path,
        "description": description_of(path),
        "encodingFormat": format_of(path),
    }
    return entity if path == SUMS else entity | {"contentSize": str((folder / path).stat().st_size)}


def _varied(factor: Factor) -> Entity:
    where = f" ({factor.path})" if factor.path else ""
    entity = {
        "@id": f"#column-{factor.column}",
        "@type": "PropertyValue",
        "name": factor.column,
        "description": f"factor ({factor.kind}): {factor.in_words}{where}",
    }
    if factor.measured_in:
        entity["unitText"] = factor.measured_in
    if factor.span:
        entity["minValue"], entity["maxValue"] = factor.span
    return entity


def _measured(outcome: Any) -> Entity:
    return {
        "@id": f"#column-{outcome.name}",
        "@type": "PropertyValue",
        "name": outcome.name,
        "description": f"outcome: {outcome.label}",
        "unitText": outcome.unit,
    }


def _id(entity: Entity) -> Entity:
    return {"@id": entity["@id"]}


def _ids(entities: Any) -> list[Entity]:
    return [_id(entity) for entity in entities]
