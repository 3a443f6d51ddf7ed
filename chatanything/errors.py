"""One error family: what failed, what was expected, what was got, and the next command."""

from __future__ import annotations


class ChatAnythingError(Exception):
    """Base of all errors that a user may see as one line.

    Args:
        what: What went wrong, without a full stop.
        expected: What would have been right.
        got: What was there instead.
        hint: The next thing to do, a command where there is one.
    """

    exit_code = 1

    def __init__(self, what: str, *, expected: str = "", got: str = "", hint: str = "") -> None:
        self.what, self.expected, self.got, self.hint = what, expected, got, hint
        parts = [what]
        if expected:
            parts.append(f"expected {expected}")
        if got:
            parts.append(f"got {got.rstrip('.')}")
        line = ", ".join(parts)
        super().__init__(f"{line}. {hint}" if hint else f"{line}.")


class UsageError(ChatAnythingError):
    """The request itself cannot be right; exit code 2."""

    exit_code = 2


class InputFileError(UsageError):
    """A file handed in cannot be used (unreadable, huge, not what it claims)."""


class NotFoundError(UsageError):
    """There is nothing under that name or id."""


class OutputError(ChatAnythingError):
    """The result cannot be written."""


class BackendError(ChatAnythingError):
    """A backend is unknown, missing or broke down."""


class VoiceUnavailableError(BackendError):
    """A voice that another program or server makes cannot be had now; another one might do."""


class WeightsError(ChatAnythingError):
    """Weights are missing, unknown, or have the wrong sha256."""


class PersonaError(ChatAnythingError):
    """A persona cannot be written or read."""


class FaceError(UsageError):
    """A picture has no usable face, several, or a real one without consent."""


class SpeechError(ChatAnythingError):
    """Text cannot be spoken, or audio cannot be read or aligned."""


class ConsentError(UsageError):
    """A real person's face or voice without recorded consent."""


class BlockedError(UsageError):
    """The blocklist of this installation says that something must not be made."""
