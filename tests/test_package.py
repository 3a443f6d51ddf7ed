"""The package as a whole: what importing does, and what the contracts promise."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from chatanything import errors, seeds
from chatanything.registry import BackendSpec, Table
from chatanything.settings import load_settings
from chatanything.visemes import BLENDSHAPES, INDEX, PHONE_TO_VISEME, VISEMES, blendshape_vector, unsided

HEAVY = ("torch", "numpy", "mediapipe", "cv2", "onnxruntime", "gradio", "numba", "xllamacpp")


def test_import_loads_nothing_heavy() -> None:
    code = f"import sys, chatanything; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_names_resolve() -> None:
    import chatanything

    for name in chatanything.__all__:
        assert getattr(chatanything, name) is not None
    with pytest.raises(AttributeError, match="nothing"):
        _ = chatanything.nothing


def test_error_says_what_expected_got_and_next() -> None:
    error = errors.UsageError("size is off", expected="256", got="3", hint="Try --size 256.")
    assert str(error) == "size is off, expected 256, got 3. Try --size 256."
    assert error.exit_code == 2
    assert errors.OutputError("x").exit_code == 1


def test_seeds_are_stable_and_distinct() -> None:
    assert seeds.derive(7, "face") == 725803546
    assert len({seeds.derive(7, name) for name in ("face", "voice", "motion", "speech")}) == 4
    first = seeds.generator(7, "face").random(3)
    assert np.array_equal(first, seeds.generator(7, "face").random(3))


def test_blendshapes_and_phones_cover_each_other() -> None:
    assert len(BLENDSHAPES) == 52
    assert INDEX["jawOpen"] == 25
    assert len(PHONE_TO_VISEME) == 40
    assert set(PHONE_TO_VISEME.values()) == set(VISEMES)
    vector = blendshape_vector({"mouthSmile": 0.5, "jawOpen": 2.0})
    assert vector[INDEX["mouthSmileLeft"]] == vector[INDEX["mouthSmileRight"]] == np.float32(0.5)
    assert vector[INDEX["jawOpen"]] == 1.0
    assert unsided(vector)["mouthSmile"] == pytest.approx(0.5)


def test_registry_refuses_duplicates_and_names_choices() -> None:
    spec = BackendSpec("a", "math:sqrt", "square root", frozenset({"root"}))
    with pytest.raises(ValueError, match="duplicate"):
        Table("maths", (spec, spec))
    table = Table("maths", (spec, BackendSpec("b", "no_such_module:x", "missing", extra="ui")))
    assert table.factory("a")(9.0) == 3.0
    assert table.first_with("root").name == "a"
    with pytest.raises(errors.BackendError, match="expected one of a, b"):
        table.spec("c")
    with pytest.raises(errors.BackendError, match=r'pip install "chatanything\[ui\]"'):
        table.factory("b")


def test_wrong_setting_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATANYTHING_SIZE", "300")
    with pytest.raises(errors.UsageError, match="CHATANYTHING_SIZE"):
        load_settings()


def test_examples_and_adapter_tests_import_names_that_exist() -> None:
    # The frameworks that they are for may be missing here, so the modules are read instead of imported.
    root = Path(__file__).parents[1]
    users = [*root.glob("examples/*.py"), *root.glob("tests/adapters/*.py")]
    checked = 0
    for user in users:
        for node in ast.walk(ast.parse(user.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("chatanything."):
                source = root / (node.module or "").replace(".", "/")
                file = source / "__init__.py" if source.is_dir() else source.with_suffix(".py")
                known = {*_names_of(file), *(path.stem for path in source.glob("*.py"))}
                assert {alias.name for alias in node.names} <= known, f"{user.name}: {node.module}"
                checked += 1
    assert len(users) > 5
    assert checked > 20


def _names_of(file: Path) -> set[str]:
    """What a module defines or imports at its top."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names
