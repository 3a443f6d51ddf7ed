"""What routes ask for: the services, and who is calling."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from chatanything.library import PersonaLibrary
from chatanything.server.access import AccessError
from chatanything.server.services import Services

_bearer = HTTPBearer(auto_error=False, description="An API key of the setting `api_keys`.")


def services_of(request: Request) -> Services:
    """The services of the app."""
    services: Services = request.app.state.services
    return services


Shared = Annotated[Services, Depends(services_of)]


def caller(
    request: Request,
    services: Shared,
    _shown: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> str:
    """The owner whose key the request carries.

    Raises:
        AccessError: It carries none, or a wrong one.
        TooManyError: The owner asks too often.
    """
    owner = authorised(services, request.headers.get("authorization"), is_open=request.app.state.is_open)
    services.rate.take(owner)
    return owner


def authorised(services: Services, authorization: str | None, *, is_open: bool) -> str:
    """The owner of an Authorization header.

    Args:
        services: Knows the keys.
        authorization: The header.
        is_open: Whether a server without keys lets everybody in.

    Raises:
        AccessError: Nobody is let in so.
    """
    if not services.keys.needed and not is_open:
        raise AccessError(
            "this server has no API keys, so its API is closed",
            hint='Start it with CHATANYTHING_API_KEYS=\'{"me": "KEY"}\'.',
        )
    return services.keys.owner(authorization)


Owner = Annotated[str, Depends(caller)]


def library_of(services: Shared, owner: Owner) -> PersonaLibrary:
    """The caller's library."""
    return services.libraries.of(owner)


Library = Annotated[PersonaLibrary, Depends(library_of)]
