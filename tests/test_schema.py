import copy
import tomllib
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from leasebook.contract.load import load_deal
from leasebook.contract.sample import sample
from leasebook.contract.schema import filed_schema, json_schema, schema_of
from leasebook.stress.scenario import ScenarioFile
from leasebook.values.problem import Refused

ROOT = Path(__file__).parent.parent
DEALS = sorted(path for path in (ROOT / "fixtures" / "deals").iterdir() if path.is_dir())
ERRORS = ROOT / "fixtures" / "errors"
DEAL = Draft202012Validator(json_schema())
FILED = Draft202012Validator(filed_schema())

# Codes of the form of a file: what breaks the schema as it breaks loading.
FORMS = (
    "LB0102", "LB0103", "LB0104", "LB0105", "LB0106", "LB0111", "LB0201", "LB0205", "LB0207",
    "LB0209",
)  # fmt: skip


def as_json(value):
    """TOML values as editors hand them to a schema: dates are strings."""
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def read(path):
    return as_json(tomllib.loads(path.read_text(encoding="utf-8")))


def messages(validator, content):
    return [error.message for error in validator.iter_errors(content)]


def test_the_schemas_are_schemas():
    Draft202012Validator.check_schema(json_schema())
    Draft202012Validator.check_schema(filed_schema())


@pytest.mark.parametrize("deal", DEALS, ids=lambda path: path.name)
def test_every_deal_fits_the_schema(deal):
    for file in sorted(deal.glob("*.toml")):
        assert messages(DEAL, read(file)) == []
    for file in sorted((deal / "filed").glob("*.toml")):
        assert messages(FILED, read(file)) == []


SCENARIO = Draft202012Validator(schema_of(ScenarioFile, "A scenario file of leasebook"))


@pytest.mark.parametrize(
    "file", sorted((ROOT / "fixtures" / "scenarios").glob("*.toml")), ids=lambda path: path.stem
)
def test_every_scenario_fits_its_schema_and_a_misspelt_key_does_not(file):
    content = read(file)
    assert messages(SCENARIO, content) == []
    content["stopps"] = content.pop("stops", [])
    assert messages(SCENARIO, content)


def test_the_sample_fits_the_schema():
    assert messages(DEAL, as_json(tomllib.loads(sample()))) == []


@pytest.mark.parametrize(
    "example", sorted(p.name for p in ERRORS.iterdir() if p.name.startswith(FORMS))
)
def test_what_is_ill_formed_does_not_fit_the_schema(example):
    content = read(ERRORS / example / "deal.toml")
    if example.startswith("LB0103"):
        content.setdefault("deal", {})
    assert messages(DEAL, content)


def tables_of(content, path=()):
    """Paths of all tables whose keys are those of the schema, and no ids or names of facts."""
    if isinstance(content, dict):
        if (len(path) > 1 or path == ("deal",)) and path[-1] != "perimeter":
            yield path
        for key, inner in content.items():
            yield from tables_of(inner, (*path, key))
    elif isinstance(content, list):
        for number, inner in enumerate(content):
            yield from tables_of(inner, (*path, number))


def written(content):
    """TOML of plain tables, one inline table for each section."""

    def shown(inner):  # noqa: ANN202 - as tests do
        if isinstance(inner, dict):
            return "{ " + ", ".join(f"{k} = {shown(v)}" for k, v in inner.items()) + " }"
        if isinstance(inner, list):
            return "[" + ", ".join(shown(v) for v in inner) + "]"
        if isinstance(inner, bool):
            return str(inner).lower()
        return f'"{inner}"' if isinstance(inner, str) else str(inner)

    return "".join(f"{key} = {shown(inner)}\n" for key, inner in content.items())


SAMPLE = tomllib.loads(sample())


def at(content, path):
    for part in path:
        content = content[part]
    return content


MISSPELT = [(path, key) for path in tables_of(SAMPLE) for key in at(SAMPLE, path)]


@pytest.mark.parametrize(("path", "key"), MISSPELT, ids=str)
def test_a_misspelt_key_fits_neither_the_schema_nor_the_model(path, key, tmp_path):
    content = copy.deepcopy(SAMPLE)
    table = at(content, path)
    table[key + "s_"] = table.pop(key)
    assert messages(DEAL, as_json(content))
    file = tmp_path / "deal.toml"
    file.write_text(written(content), encoding="utf-8")
    with pytest.raises(Refused) as caught:
        load_deal(file)
    # what kind of contract it is decides which keys it has
    code = "LB0103" if key == "kind" and path[0] == "contracts" and len(path) == 2 else "LB0102"
    assert code in {problem.code for problem in caught.value.problems}


def test_the_sample_written_in_one_line_a_section_still_loads(tmp_path):
    file = tmp_path / "deal.toml"
    file.write_text(written(SAMPLE), encoding="utf-8")
    assert load_deal(file).contracts.keys() == {"hall-lease"}


STRUCTURE = {"LB0102", "LB0103", "LB0104", "LB0105", "LB0106", "LB0201", "LB0205", "LB0207"}
SWAPS = [7, True, "x", [], {}, 1.5, [[1]], {"value": 1}, {"unknown": "x"}, {"unknown": 1}, [{}],
         {"value": "1", "unknown": "x"}, "4 years", "1_000.50", "5%", "month"]  # fmt: skip


@pytest.mark.parametrize("swap", SWAPS, ids=str)
def test_a_value_fits_the_schema_exactly_if_it_fits_the_model(swap, tmp_path):
    file = tmp_path / "deal.toml"
    # the code of a range is shared by its form and its meaning
    for path, key in (place for place in MISSPELT if place[1] != "range"):
        content = copy.deepcopy(SAMPLE)
        at(content, path)[key] = swap
        file.write_text(written(content), encoding="utf-8")
        try:
            load_deal(file)
            ill_formed = False
        except Refused as refused:
            ill_formed = not STRUCTURE.isdisjoint(problem.code for problem in refused.problems)
        assert (path, key, bool(messages(DEAL, as_json(content)))) == (path, key, ill_formed)
