"""Fixtures shared by all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real models and raw data beside the repository; tests that need it skip without."""
    if not SHARED.is_dir():
        pytest.skip("the folder 'shared' with real models and raw data is not beside the repository")
    return SHARED


@pytest.fixture(scope="session")
def examples() -> Path:
    """The models that ship."""
    return ROOT / "examples" / "models"
