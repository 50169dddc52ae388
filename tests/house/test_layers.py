"""Floors and rooms: each contract of pyproject.toml holds, and bites when it is broken."""

import ast
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
FLOORS, ROOMS, PURE = (contract["name"] for contract in CONFIG["contracts"])

PURE_MODULES = [
    *sorted((ROOT / "savings").glob("*.py")),
    ROOT / "booking/slots.py",
    ROOT / "booking/floorplan.py",
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = "from importlinter.cli import lint_imports_command as lint; lint()"
    return subprocess.run(
        [sys.executable, "-c", command, "--no-logo", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the code, to be broken."""
    for package in CONFIG["root_packages"]:
        shutil.copytree(ROOT / package, tmp_path / package)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_code_keeps_every_contract(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout
    assert f"Contracts: {len(CONFIG['contracts'])} kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("contract", "module", "forbidden"),
    [
        (FLOORS, "members/models/people.py", "import booking.slots"),  # a higher floor
        (FLOORS, "simulator/views.py", "import members.models"),  # a neighbour
        (FLOORS, "booking/apps.py", "import coworking.urls"),  # the roof
        (FLOORS, "savings/values.py", "import simulator"),
        (ROOMS, "booking/models/space.py", "import booking.services"),
        (ROOMS, "booking/constraints.py", "import booking.models"),
        (ROOMS, "members/constraints/frozen.py", "import members.models"),
        (ROOMS, "booking/slots.py", "import booking.floorplan"),
        (ROOMS, "members/services/accounts.py", "import members.views"),
        (ROOMS, "members/views/account.py", "import members.urls"),
        (ROOMS, "members/helpers.py", "# a module that belongs to no room"),
        (PURE, "booking/slots.py", "from django.utils import timezone"),
        (PURE, "booking/floorplan.py", "import holidays"),
        (PURE, "savings/values.py", "import django"),
    ],
)
def test_a_broken_contract_is_named(copy: Path, contract: str, module: str, forbidden: str) -> None:
    with (copy / module).open("a") as file:
        file.write(f"\n{forbidden}\n")
    done = lint(copy)
    assert done.returncode == 1
    assert f"{contract} BROKEN" in " ".join(done.stdout.split())


def test_every_package_stands_on_a_floor() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages == set(CONFIG["root_packages"])


def test_every_app_has_rooms() -> None:
    apps = {name for name in settings.INSTALLED_APPS if (ROOT / name).is_dir()}
    assert apps - {"coworking"} == set(CONFIG["contracts"][1]["containers"])


def test_the_pure_modules_may_use_no_library_at_all() -> None:
    """The contract lists what it forbids: here is everything they import."""
    own = {"savings", "booking"}
    for path in PURE_MODULES:
        imported = {name.split(".")[0] for name in imports(path)}
        assert imported <= sys.stdlib_module_names | own, path


def test_the_pure_modules_never_read_the_clock() -> None:
    for path in PURE_MODULES:
        calls = {
            node.func.attr
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert not calls & {"now", "today", "utcnow", "localdate", "localtime"}, path


def test_services_take_objects_never_a_request() -> None:
    for path in [*ROOT.glob("*/services.py"), *ROOT.glob("*/services/*.py")]:
        assert not set(imports(path)) & {"django.http", "django.shortcuts"}, path


def imports(path: Path) -> Iterator[str]:
    """The full names of the modules that a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None
            yield node.module
