"""The house itself: which room may import which, what is packaged, what is never committed."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
ROOMS = ("models", "telephony", "realtime", "queue", "web", "server")
MAY_IMPORT = {
    "models": set(),
    "telephony": set(),
    "realtime": {"models"},
    "queue": {"models", "realtime", "telephony"},
    "web": {"models"},
    "server": set(ROOMS),
}


def sources(room: str) -> list[Path]:
    return sorted((TOP / room).rglob("*.py"))


def modules_imported(file: Path) -> Iterator[tuple[str, ...]]:
    """The modules and names that a source file imports from this package, relatively or by its name, as paths.

    Imports inside functions count, too.
    """
    package = file.relative_to(TOP).parent.parts
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1]] if node.level else []
            names = [*base, *(node.module or "").split(".")] if node.module else base
            paths = [[*names, alias.name] for alias in node.names]
            inside = node.level > 0
        elif isinstance(node, ast.Import):
            paths, inside = [alias.name.split(".") for alias in node.names], False
        else:
            continue
        for path in paths:
            if inside or path[0] == "atiende":
                yield tuple(path if inside else path[1:])


def rooms_imported(file: Path) -> Iterator[str]:
    return (path[0] for path in modules_imported(file) if path)


def shelf(file: Path) -> str:
    """Where a source file stands: its folder within the room, or itself when it stands on top of the room.

    `queue/bases` alone has a second level.
    """
    parts = file.relative_to(TOP).with_suffix("").parts
    deepest = 3 if parts[:2] == ("queue", "bases") else 2
    return "/".join(parts[: min(deepest, max(len(parts) - 1, 2))])


def arrows() -> dict[str, set[str]]:
    """For each shelf the shelves that it imports from."""
    known = {file.relative_to(TOP).with_suffix("").parts: shelf(file) for room in ROOMS for file in sources(room)}
    known |= {parts[:-1]: place for parts, place in known.items() if parts[-1] == "__init__"}
    found: dict[str, set[str]] = {place: set() for place in known.values()}
    for room in ROOMS:
        for file in sources(room):
            for path in modules_imported(file):
                other = known.get(path) or known.get(path[:-1])
                if other and other != shelf(file):
                    found[shelf(file)].add(other)
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    wrong = {
        f"{file.relative_to(TOP)} imports {other}"
        for file in sources(room)
        for other in rooms_imported(file)
        if other in ROOMS and other != room and other not in MAY_IMPORT[room]
    }
    assert not wrong


def test_no_shelf_is_imported_by_what_it_imports() -> None:
    """Arrows between folders go down only: whoever is imported knows nothing of who imports it."""
    try:
        order = list(TopologicalSorter(arrows()).static_order())
    except CycleError as why:
        raise AssertionError(f"a circle: {' -> '.join(why.args[1])}") from None
    assert order.index("queue/work") < order.index("queue/cases") < order.index("queue/reactions")


def test_a_folder_holds_at_most_twenty_files_of_one_kind() -> None:
    kinds = Counter((Path(file).parent, Path(file).suffix) for file in committed())
    # one migration for each capability comes to stand beside the others, in the order of time
    full = {f"{folder}/*{kind}: {n}" for (folder, kind), n in kinds.items() if n > 20 and folder.name != "versions"}
    assert not full


def test_a_file_is_short_enough_to_be_read_at_once() -> None:
    """At most 300 lines, and functions of at most 40; what is made by a script is not for reading."""
    made = ("web/static/lib/events.js", "web/package-lock.json")
    code = [TOP / file for file in committed() if file.endswith((".py", ".js", ".css", ".html")) and file not in made]
    code = [file for file in code if "versions" not in file.parts]
    long = {f"{file.relative_to(TOP)}: {n}" for file in code if (n := len(file.read_text().splitlines())) > 300}
    for file in code:
        for node in ast.walk(ast.parse(file.read_text())) if file.suffix == ".py" else ():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                long |= {f"{file.relative_to(TOP)}:{node.lineno} {node.name}: {lines}"} if lines > 40 else set()
    assert not long


def test_no_line_is_wider_than_a_screen() -> None:
    """120 columns, in whatever is read: Python, modules, sheets, templates."""
    wide = [
        f"{file}:{number} has {len(line)}"
        for file in committed()
        if file.endswith((".py", ".js", ".css", ".html")) and file != "web/static/lib/events.js"
        for number, line in enumerate((TOP / file).read_text().splitlines(), 1)
        if len(line) > 120
    ]
    assert wide == []


def test_the_packages_that_are_listed_are_the_folders_that_there_are() -> None:
    listed = tomllib.loads((TOP / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    folders = {file.parent.relative_to(TOP) for room in ROOMS for file in sources(room)}
    found = {".".join(("atiende", *folder.parts)) for folder in folders}
    assert set(listed) - {"atiende"} == found


def test_no_folder_may_stand_in_the_way_of_a_module_of_python() -> None:
    in_the_way = [*(TOP / "queue").glob("__init__.py"), *(TOP / "tests").rglob("__init__.py")]
    assert in_the_way == []


def test_no_statement_for_the_database_is_built_from_strings() -> None:
    """`text(...)` takes a literal: an f-string, `%`, `+` or `.format` there is how injections begin.

    Migrations are left out: they repeat statements over names of their own list, which nobody's input reaches.
    """
    wrong = [
        f"{file.relative_to(TOP)}:{call.lineno}"
        for room in ROOMS
        for file in sources(room)
        if file.parent.name != "versions"
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and _name(call.func) in {"text", "literal_column", "exec_driver_sql", "execute"}
        if call.args and _is_built(call.args[0])
    ]
    assert wrong == []


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_built(argument: ast.expr) -> bool:
    if isinstance(argument, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in argument.values)
    if isinstance(argument, ast.BinOp):
        return any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in ast.walk(argument))
    return isinstance(argument, ast.Call) and _name(argument.func) in {"format", "join"}


def test_what_others_wrote_is_locked_without_hosts_and_never_committed() -> None:
    lock = json.loads((TOP / "web/package-lock.json").read_text())
    wanted = json.loads((TOP / "web/package.json").read_text())
    assert "omit-lockfile-registry-resolved=true" in (TOP / "web/.npmrc").read_text().split()
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert [name for name, package in lock["packages"].items() if "hasInstallScript" in package] == []
    assert all("integrity" in package for name, package in lock["packages"].items() if name)
    for kind in ("dependencies", "devDependencies"):
        assert lock["packages"][""][kind] == wanted[kind]
    assert [file for file in committed() if file.startswith("web/static/vendor/") or "node_modules/" in file] == []


def test_every_script_is_explained_and_may_be_run() -> None:
    readme = (TOP / "scripts/README.md").read_text()
    scripts = [file for file in committed() if re.fullmatch(r"scripts/[a-z][\w-]*", file)]
    assert scripts
    assert [file for file in scripts if f"`{Path(file).name}" not in readme] == []
    assert [file for file in scripts if not (TOP / file).stat().st_mode & 0o100] == []


def committed() -> list[str]:
    """The files git knows; outside a checkout (an unpacked archive) there is nothing to hold."""
    listing = subprocess.run(["git", "ls-files"], cwd=TOP, capture_output=True, text=True)
    if listing.returncode:
        pytest.skip("not a git checkout")
    return listing.stdout.splitlines()
