"""Whether a build read the very files that were fetched: its study's lock held against what the build has hashed."""

from __future__ import annotations

from connectivity.manifest import LockRecord
from connectivity.marks import STUDY
from layers.errors import LayerError
from layers.ledger import Ledger
from layers.study import Study


def held_to_lock(study: Study, ledger: Ledger) -> LockRecord | None:
    """Hold the files a build read against the lock beside its study, and warn of each that is another one.

    It is no refusal: someone may have put a figure right by hand, and the files of a build are named by their SHA-256
    in any case. A file that the lock does not name was added by a person, and nothing is said of it.

    Parameters
    ----------
    study
        The study that was built.
    ledger
        What its loaders recorded; warnings are added.

    Returns
    -------
    LockRecord or None
        None where the study was not fetched.
    """
    if not (study.path.parent / STUDY.name).is_file():
        return None
    from layers.fetch.lock import read_lock  # noqa: PLC0415  # the libraries for the network are heavy

    try:
        files = read_lock(study.path.parent).files
    except LayerError:
        ledger.warn(f"{STUDY.name} cannot be read, so it is not known whether the files are those that were fetched.")
        return LockRecord(readable=False, other_files=())
    read = {(used.file, used.sha256) for used in ledger.sources}
    others = sorted({name for name, digest in read if name in files and files[name].sha256 != digest})
    for name in others:
        ledger.warn(
            f"{name} is not the file that was fetched: its SHA-256 is not the one in {STUDY.name}. "
            "Fetch the study again to put it back."
        )
    return LockRecord(readable=True, other_files=tuple(others))
