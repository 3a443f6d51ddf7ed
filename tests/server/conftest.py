"""One real server for all tests of a module: rules instead of a model, everything else as users get it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chatanything.bundle import Persona
from chatanything.server.app import create_app
from chatanything.server.services import Services
from chatanything.settings import Settings, load_settings
from chatanything.studio import Studio

Make = Callable[..., Services]


@pytest.fixture(scope="module")
def make_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    """Makes services over a folder of their own."""
    made: list[Services] = []

    def make(home: Path | None = None, llm: Any = "rules", **more: Any) -> Services:
        where = home or tmp_path_factory.mktemp("home")
        config: Settings = load_settings().model_copy(update={"home": where, "renderer": "warp", **more})
        made.append(Services(config, llm=llm))
        return made[-1]

    yield make
    for services in made:
        services.close()


@pytest.fixture(scope="session")
def apple() -> Persona:
    return Studio(llm="rules", size=256).create("Pippin, a cheerful apple who sings opera", seed=7)


@pytest.fixture(scope="module")
def services(make_services: Make, apple: Persona) -> Services:
    services = make_services(live_sessions=20)
    services.libraries.of("local").add(apple, now_s=1_700_000_000.0)
    return services


@pytest.fixture(scope="module")
def client(services: Services) -> Iterator[TestClient]:
    with TestClient(create_app(services), base_url="http://localhost") as client:
        yield client
