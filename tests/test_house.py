import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "leasebook"

# Each room imports lower numbers only. The pipeline names every station up to the statements; pages
# turn what it returns into the report's tables, and the command line prints them.
ROOMS = {
    "values": 0,
    "reckoning": 1,
    "contract": 2,
    "facts": 3,
    "rulebook": 4,
    "measure": 5,
    "book": 6,
    "consolidation": 7,
    "portfolio": 7,
    "intake": 8,
    "statements": 8,
    "disclosures": 8,
    "flows": 8,
    "stress": 8,
    "exposures": 9,
    "report": 9,
    "pipeline": 10,
    "bulk": 11,
    "flip": 11,
    "pages": 12,
    "cli": 13,
    "__main__": 14,
}

MODULE_LINES = 400
FUNCTION_LINES = 70
LINE_CHARACTERS = 100
BANNED = re.compile(r"(utils?|commons?|cores?|helpers?|managers?)")

MODULES = sorted(PACKAGE.rglob("*.py"))
SOURCES = sorted(
    path for folder in ("leasebook", "tests", "bench") for path in (ROOT / folder).rglob("*.py")
)
PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)


def named(path):
    return path.relative_to(ROOT).as_posix()


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def modules_imported(tree, package):
    """The dotted names a module imports; `package` is the dotted name of the folder it lies in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*above, node.module or ""]).rstrip(".") if node.level else node.module
            # `from leasebook import pipeline` imports a module
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "import_module":
            yield from (
                part.value
                for argument in node.args
                for part in ast.walk(argument)
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )


def room_of(dotted):
    parts = dotted.split(".")
    return parts[1] if parts[0] == "leasebook" and len(parts) > 1 else None


def imports_from_above(tree, dotted):
    """What a module takes from its own level or a higher one, other than its own room."""
    own = room_of(dotted)
    taken = {room_of(name) for name in modules_imported(tree, dotted.rpartition(".")[0])}
    return sorted(
        room for room in taken if room in ROOMS and room != own and ROOMS[room] >= ROOMS[own]
    )


def functions_of(tree):
    return [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def length_of(function):
    return function.end_lineno - function.lineno + 1


def public_without_docstring(tree):
    """Functions and methods that a reader may call and that do not say what they mean."""
    homes = [tree] + [
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    return [
        node.name
        for home in homes
        for node in home.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]


def first_headings(text):
    """Headings of the first level outside code."""
    inside, found = False, []
    for line in text.splitlines():
        if line.lstrip().startswith(("```", "~~~")):
            inside = not inside
        elif not inside and line.startswith("# "):
            found.append(line)
    return found


def dependencies():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(each for extra in project["project"]["optional-dependencies"].values() for each in extra),
        *(each for group in project["dependency-groups"].values() for each in group),
    ]
    return sorted({re.split(r"[<>=!~;\[ ]", each, maxsplit=1)[0] for each in asked})


def test_every_part_of_the_package_is_a_room_that_has_a_number():
    parts = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in MODULES}
    assert parts - {"__init__"} <= set(ROOMS)


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_room_imports_lower_rooms_only(path):
    dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    if room_of(dotted) == "__init__":
        assert not any(room_of(name) for name in modules_imported(tree_of(path), "leasebook"))
    else:
        assert imports_from_above(tree_of(path), dotted) == []


@pytest.mark.parametrize(
    "line",
    [
        "import leasebook.book.journal",
        "from leasebook.book.journal import Entry",
        "from leasebook import book",
        "from ..book import journal",
        "import_module('leasebook.book.journal')",
        "def late():\n    from leasebook.book import journal",
    ],
)
def test_an_import_from_a_room_above_is_seen_however_it_is_written(line):
    assert imports_from_above(ast.parse(line), "leasebook.measure.lessee") == ["book"]
    assert imports_from_above(ast.parse(line), "leasebook.statements.lines") == []


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_modules_and_functions_are_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES
    long = {f.name: length_of(f) for f in functions_of(tree_of(path))}
    assert {name: lines for name, lines in long.items() if lines > FUNCTION_LINES} == {}


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_lines_are_short(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [n for n, line in enumerate(lines, 1) if len(line) > LINE_CHARACTERS] == []


def test_no_module_has_a_name_that_says_nothing():
    parts = {part.removesuffix(".py") for path in SOURCES for part in path.relative_to(ROOT).parts}
    assert {part for part in parts if BANNED.fullmatch(part)} == set()


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_what_is_public_says_what_it_means(path):
    tree = tree_of(path)
    assert ast.get_docstring(tree)
    assert public_without_docstring(tree) == []


def test_a_public_function_or_method_without_docstring_is_seen():
    tree = ast.parse("def f():\n    pass\nclass C:\n    'x'\n    def m(self):\n        pass\n")
    assert public_without_docstring(tree) == ["f", "m"]


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_page_has_one_first_heading(path):
    assert len(first_headings(path.read_text(encoding="utf-8"))) == 1


def test_a_comment_in_code_is_no_heading():
    assert first_headings("# One\n```toml\n# rules/x.toml\n```\n# Two\n") == ["# One", "# Two"]


def test_every_direct_dependency_stands_in_contributing_with_licence_and_reason():
    rows = {}
    for line in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3:
            rows[cells[0]] = cells[1:]
    assert [name for name in dependencies() if not all(rows.get(name, [""]))] == []


def test_the_licence_is_apache_2():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text


def test_the_map_of_the_largest_room_names_each_module_once():
    measure = PACKAGE / "measure"
    drawn = re.findall(r"`([a-z_]+)`", ast.get_docstring(tree_of(measure / "__init__.py")))
    assert sorted(drawn) == sorted(p.stem for p in measure.glob("*.py") if p.stem != "__init__")
