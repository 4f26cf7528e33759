"""No code stands bare: a place's name is put before it, wherever it is said."""

from __future__ import annotations

import pandas as pd

from connectivity.quality.lights import with_names

NAMES = {"E01000001": "Bere Regis, part 1"}


def test_a_code_in_a_sentence_gets_its_name_from_a_mapping_or_a_series():
    said = "1 shape was repaired (E01000001)."
    for names in (NAMES, pd.Series(NAMES)):
        assert with_names(said, names=names) == "1 shape was repaired (Bere Regis, part 1, E01000001)."


def test_files_unknown_codes_keys_and_numbers_stay_as_they_are():
    said = {"E01000001": ["E01000001.geojson", "E01000009", 7, None]}
    assert with_names(said, names=NAMES) == said
