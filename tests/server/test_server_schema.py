"""The OpenAPI description against the server itself: whatever fits it is answered as it says.

A schema cannot say that a description needs words or that a conversation ends with the user, so such requests
may be refused although they fit.
"""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from chatanything.server.app import create_app

pytestmark = [pytest.mark.weights, pytest.mark.slow]
KEY = "k" * 24
KNOWN = {"Authorization": f"Bearer {KEY}"}
EXAMPLES = 12
FEW = 4
SLOW = ("POST /v1/personas", "POST /v1/audio/speech")


@pytest.fixture(scope="module")
def described(make_services, apple):
    services = make_services(api_keys={"me": KEY}, requests_per_minute=1_000_000)
    services.libraries.of("me").add(apple, now_s=1.0)
    return schemathesis.openapi.from_asgi("/openapi.json", create_app(services))


def test_every_route_keeps_its_word(described):
    tried = []
    for found in described.get_all_operations():
        operation = found.ok()
        tried.append(f"{operation.method.upper()} {operation.path}")

        @given(operation.as_strategy())
        @settings(
            max_examples=FEW if operation.label in SLOW else EXAMPLES,
            phases=(Phase.explicit, Phase.generate),
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        def holds(case):
            case.call_and_validate(headers=KNOWN, timeout=120, excluded_checks=[positive_data_acceptance])

        holds()
    assert len(tried) >= 20
    assert "POST /v1/chat/completions" in tried
