"""What the project says about itself is true: commands, pins, limits, licences, and which way imports point."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.version import Version

import connectivity
from connectivity.method.records import METHOD_VERSION
from connectivity.schema import SCHEMA_VERSION
from connectivity.views import contents

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("layers", "connectivity")
LONGEST_ENTRY = 40
"""Lines a reader can hold: app.py as a table of contents."""

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OF_A_PAGE = {"page", "body"}
"""Names that every page's module may have, as the menu opens each in the same way; no other stands in two modules."""
README = (ROOT / "README.md").read_text(encoding="utf-8")
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
IGNORED = {
    ".git",
    ".venv",
    ".ruff_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".hypothesis",
    "__pycache__",
    "screenshots",
    "results",
}
IGNORED |= {".import_linter_cache", "raw", "processed", "vendor", "fonts", "build", "dist"}


def sources(*folders: str) -> list[Path]:
    """List the Python files of some folders, and app.py."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in [ROOT / "app.py", *found] if path.is_file() and not IGNORED & set(path.parts)]


def texts() -> list[Path]:
    """List all files of the project that hold text."""
    endings = {".py", ".md", ".toml", ".txt", ".csv", ".json", ".geojson", ".css", ".svg", ".cfg", ".yml", ""}
    inside = (path for path in ROOT.rglob("*") if not IGNORED & set(path.relative_to(ROOT).parts))
    return [path for path in inside if path.is_file() and path.suffix in endings]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def block(title: str) -> list[str]:
    """Return the lines of a marked block in the README, without its fence."""
    found = re.findall(
        rf"^<!-- {title}: begin -->\n```\w+\n(.*?)\n```\n<!-- {title}: end -->$", README, re.MULTILINE | re.DOTALL
    )
    assert len(found) == 1, f"README.md must have exactly one block marked “{title}”"
    return found[0].splitlines()


# --- The README's commands ----------------------------------------------------------------------------------------


def test_the_readme_starts_the_app_with_one_command():
    (command,) = block("start")
    assert "-r requirements.txt" in command
    assert command.endswith("streamlit run app.py")
    assert (ROOT / "app.py").is_file()


def test_the_readme_tests_with_one_command():
    (command,) = block("test")
    assert "-r requirements-dev.txt" in command
    assert command.endswith("-m pytest")


@pytest.mark.parametrize("title", ["start", "test"])
def test_windows_is_told_the_same_steps(title):
    (command,) = block(title)
    steps = [re.sub(r"^(python3|\.venv/bin/python) ", "", step) for step in command.split(" && ")]
    lines = [re.sub(r"^(py|\.venv\\Scripts\\python) ", "", line) for line in block(f"{title} on Windows")]
    assert lines == steps


@pytest.mark.skipif(shutil.which("bash") is None or sys.platform == "win32", reason="needs bash and sed")
def test_continuous_integration_runs_the_readme_s_test_command_and_no_other():
    assert "pytest" not in re.sub(r"^\s*#.*$", "", CI, flags=re.MULTILINE).replace("PYTEST_ADDOPTS", "")
    (extraction,) = re.findall(r"^test_command=\$\((.*)\)$", CI, re.MULTILINE)
    said = subprocess.run(["bash", "-c", extraction], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == block("test")
    assert CI.rstrip().splitlines()[-1].endswith('"$test_command"')


def test_continuous_integration_runs_every_check():
    for check in ("ruff check", "ruff format --check", "mypy --strict", "lint-imports", "pip check"):
        assert check in CI


def test_the_places_the_readme_points_to_exist():
    places = re.findall(r"\]\((?!http)([^)#]+)", README) + re.findall(
        r"`(data/[\w/.]+|app\.py|connectivity/\w+)`", README
    )
    assert places
    assert [place for place in places if not (ROOT / place).exists()] == []


# --- Pins ---------------------------------------------------------------------------------------------------------


def pins(file: str) -> dict[str, str]:
    """Read the requirement lines of a file; each must be pinned and give its reason."""
    found = {}
    for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "-r ")):
            match = re.fullmatch(r"([a-z0-9-]+)==([0-9][\w.]*) +# \S.*\S", line)
            assert match, f"{file}: not pinned with == and a reason: {line}"
            found[match[1]] = match[2]
    return found


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_has_a_reason_and_is_what_is_tested(file):
    listed = pins(file)
    assert listed
    installed = {package: importlib.metadata.version(package) for package in listed}
    # Versions are compared as versions: 1.003 is 1.3.
    assert [package for package in listed if Version(installed[package]) != Version(listed[package])] == []


def imported(paths: list[Path]) -> dict[str, set[str]]:
    """Map every top-level module that some files import to the files' names."""
    found: dict[str, set[str]] = {}
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules = [node.module]
            for module in modules:
                found.setdefault(module.partition(".")[0], set()).add(name(path))
    return found


def test_what_the_code_imports_is_required_by_name():
    known = importlib.metadata.packages_distributions()
    own = {*PACKAGES, "app", "data"}
    listed = set(pins("requirements.txt"))
    missing = {}
    for module, users in imported(sources(*PACKAGES)).items():
        if module not in sys.stdlib_module_names and module not in own:
            carriers = {re.sub(r"[-_.]+", "-", carrier).lower() for carrier in known.get(module, [])}
            if not carriers & listed:
                missing[module] = sorted(users)
    assert missing == {}, "imported, but not pinned in requirements.txt"


# --- Version ------------------------------------------------------------------------------------------------------


def test_the_version_is_written_in_one_place():
    assert SETTINGS["project"]["dynamic"] == ["version", "dependencies"]
    assert SETTINGS["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "connectivity.__version__"}
    written = [
        name(path)
        for path in sources(*PACKAGES)
        if re.search(r"^__version__\b.*=", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert written == ["connectivity/__init__.py"]


def test_the_changelog_knows_the_version_and_the_method():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = changelog.partition(f"## [{connectivity.__version__}]")[2].partition("\n## ")[0]
    assert newest, f"CHANGELOG.md has no entry for {connectivity.__version__}"
    assert f"`method_version` {METHOD_VERSION}" in newest
    assert f"`schema_version` {SCHEMA_VERSION}" in newest


# --- Habits that a machine can check ------------------------------------------------------------------------------


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_pages_arrange_and_the_entry_is_a_table_of_contents():
    pages = [ROOT / contents.FOLDER / f"{one.file}.py" for one in contents.contents_entries()]
    assert all(path.is_file() for path in pages)
    addresses = [one.address for one in contents.contents_entries()]
    assert len(set(addresses)) == len(addresses)
    assert lines(ROOT / "app.py") <= LONGEST_ENTRY


def test_no_page_has_words_that_streamlit_would_show_by_itself():
    for one in contents.contents_entries():
        body = ast.parse((ROOT / contents.FOLDER / f"{one.file}.py").read_text(encoding="utf-8")).body
        alone = [node.lineno for node in body[1:] if isinstance(node, ast.Expr)]
        assert alone == [], f"{one.file}.py, line {alone[0]}: a string below a constant is written on the page"


def test_no_modules_import_each_other_in_a_circle():
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in sources(*PACKAGES)}
    modules = {known.removesuffix(".__init__"): path for known, path in modules.items()}
    needs: dict[str, set[str]] = {}
    for module, path in modules.items():
        found = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):  # imports inside functions count, too
            if isinstance(node, ast.ImportFrom) and node.module:
                whole = {f"{node.module}.{alias.name}" for alias in node.names}
                found |= whole & modules.keys() or {node.module} & modules.keys()
        needs[module] = found - {module}
    while free := {module for module, others in needs.items() if not others}:
        needs = {module: others - free for module, others in needs.items() if module not in free}
    assert sorted(needs) == []


def test_a_file_name_and_a_public_name_stand_for_one_thing_in_the_tree():
    files: dict[str, set[str]] = {}
    names: dict[str, set[str]] = {}
    for path in sources(*PACKAGES):
        if path.name != "__init__.py":
            files.setdefault(path.name, set()).add(name(path))
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                names.setdefault(node.name, set()).add(name(path))
    assert len(names) > 1_000
    twice = {one: sorted(where) for one, where in (files | names).items() if len(where) > 1}
    assert {one: where for one, where in twice.items() if one not in OF_A_PAGE} == {}
    pages = {f"{contents.FOLDER}/{one.file}.py" for one in contents.contents_entries()}
    assert names["page"] == pages
    assert names["body"] <= pages


def test_no_pickle_is_read_or_written():
    forbidden = {"pickle", "cPickle", "joblib", "cloudpickle", "dill", "shelve", "marshal"}
    users = imported(sources(*PACKAGES, "data", "benchmarks"))
    assert {module: users[module] for module in forbidden & set(users)} == {}
    for path in sources(*PACKAGES, "data", "benchmarks"):
        # A Streamlit cache on disk is a pickle, too.
        found = re.findall(r"read_pickle|to_pickle|allow_pickle|persist\s*=", path.read_text(encoding="utf-8"))
        assert found == [], name(path)


def test_every_text_has_unix_line_ends_and_is_utf_8():
    assert "* text=auto eol=lf" in (ROOT / ".gitattributes").read_text(encoding="utf-8").splitlines()
    for path in texts():
        content = path.read_bytes()
        assert b"\r\n" not in content, name(path)
        content.decode("utf-8")


def test_no_text_names_a_place_on_somebody_s_machine():
    machine = re.compile(r"(?<![\w.~/])/(?:work|root|home/\w+|tmp/v)/|[A-Z]:\\Users\\")
    assert [name(path) for path in texts() if machine.search(path.read_text(encoding="utf-8"))] == []


def test_warnings_are_errors_and_every_exemption_has_its_reason():
    options = SETTINGS["tool"]["pytest"]["ini_options"]
    assert options["filterwarnings"][0] == "error"
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    exemptions = re.findall(r"^\s*[\"']ignore.*$", text, re.MULTILINE)
    assert [line for line in exemptions if "#" not in line] == []


# --- Licences -----------------------------------------------------------------------------------------------------


def test_the_notice_repeats_every_attribution_line_of_the_data():
    data = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    owed = [line for line in data.splitlines() if line.startswith("- ") and ("©" in line or "licensed under" in line)]
    assert owed
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert [line for line in owed if line not in notice] == []


def test_the_notice_names_what_is_put_in_place_at_first_start():
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for words in (
        "Newsreader",
        "Public Sans",
        "SIL Open Font License 1.1",
        "Reserved Font Name",
        "Leaflet",
        "BSD 2-Clause",
    ):
        assert words in notice
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    for folder in ("/static/vendor/", "/static/fonts/", "/data/raw/", "/data/processed/"):
        assert folder in ignored


# --- Imports point one way ----------------------------------------------------------------------------------------


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the import contracts of the project on the packages in a folder."""
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)


def test_imports_point_one_way():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        (None, "", ""),
        ("layers/area_outlines.py", "import connectivity.method.scoring", "layers never knows connectivity"),
        ("layers/area_outlines.py", "import streamlit", "only the pages"),
        ("connectivity/method/scoring.py", "import streamlit as st", "only the pages"),
        ("connectivity/maps/plate.py", "from streamlit.components.v2 import component", "only the pages"),
        ("connectivity/method/scoring.py", "from connectivity.views import where", "nothing below the pages"),
        ("connectivity/cli.py", "from connectivity.views import where", "nothing below the pages"),
        ("connectivity/method/scoring.py", "from connectivity import cli", "only the module entry"),
        ("connectivity/views/where.py", "from connectivity import cli", "only the module entry"),
    ],
)
def test_an_import_the_wrong_way_is_found(tmp_path, file, line, contract):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    world = {
        "layers/__init__.py": "",
        "layers/area_outlines.py": "",
        "connectivity/__init__.py": "",
        "connectivity/__main__.py": "from connectivity import cli",
        "connectivity/cli.py": "from connectivity.method import scoring",
        "connectivity/maps/__init__.py": "",
        "connectivity/maps/plate.py": "",
        "connectivity/method/__init__.py": "",
        "connectivity/method/scoring.py": "from layers import boundaries",
        "connectivity/views/__init__.py": "",
        "connectivity/views/where.py": "import streamlit\nfrom connectivity.method import scoring",
    }
    for path, content in world.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content + (f"\n{line}\n" if path == file else "\n"), encoding="utf-8")
    done = lint(tmp_path)
    if file is None:
        assert done.returncode == 0, done.stdout + done.stderr
    else:
        assert done.returncode == 1, done.stdout + done.stderr
        assert re.search(rf"{contract}.*BROKEN", done.stdout)
