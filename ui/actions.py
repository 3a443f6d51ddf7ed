"""What the buttons do: generators that hand the page each piece as soon as it is there."""

from __future__ import annotations

import queue
import secrets
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from chatanything.bundle import Persona
from chatanything.errors import ChatAnythingError
from chatanything.persona.card import PersonaCard
from chatanything.studio import Studio
from chatanything.types import VoiceChoice

STAGES: Final = {
    "persona": "Writing the character",
    "voice": "Choosing the voice",
    "face": "Drawing the face",
    "speech": "Speaking",
    "motion": "Moving the face",
    "render": "Drawing the frames",
    "write": "Writing the video",
}
_END: Final = object()


class Actions:
    """The page's two jobs.

    Args:
        studio: Makes everything.
        folder: Takes persona files and videos; they stay there.
    """

    def __init__(self, studio: Studio, folder: Path) -> None:
        self._folder = folder
        self._studios = {studio.size: studio}
        self._base = studio

    def create(self, description: str, text: str, seed: float | None, size: int) -> Iterator[tuple[Any, ...]]:
        """Card, voice, portrait and first video, each as soon as it is there.

        Yields:
            Updates of status, card, voice, portrait, video, file, the box for more, and the path of the card.
        """
        import gradio as gr

        hidden = gr.update(visible=False)
        clear = gr.update(visible=False, value=None)
        yield ("Starting ...", hidden, hidden, clear, clear, clear, hidden, "")
        try:
            yield from self._create(description.strip(), text.strip(), _whole(seed), size)
        except ChatAnythingError as exc:
            yield _patch(status=problem(exc))

    def _create(self, description: str, text: str, seed: int | None, size: int) -> Iterator[tuple[Any, ...]]:
        import gradio as gr

        studio = self._studio(size)
        yield _patch(status=f"{STAGES['persona']} ...")
        persona: Persona | None = None
        for name, value in studio.create_steps(description, seed=seed):
            if name == "card":
                yield _patch(f"{STAGES['voice']} ...", card=gr.update(value=card_text(value), visible=True))
            elif name == "voice":
                yield _patch(f"{STAGES['face']} ...", voice=gr.update(value=voice_text(value), visible=True))
            elif name == "face":
                alt = gr.update(value=value.image, visible=True)
                yield _patch(f"{STAGES['speech']} ...", portrait=alt)
            else:
                persona = value
        assert persona is not None
        path = self._new_path(persona.card.id, ".charx")
        persona.save(path)
        yield _patch(f"{STAGES['speech']} ...", file=gr.update(value=str(path), visible=True), path=str(path))
        words = text or persona.card.greeting
        for status, video in self._speak(studio, persona, words):
            if video is None:
                yield _patch(status)
            else:
                yield _patch(
                    status,
                    video=gr.update(value=video, visible=True),
                    portrait=gr.update(visible=False),
                    more=gr.update(visible=True),
                )

    def say(self, card_path: str, text: str, size: int) -> Iterator[tuple[Any, Any]]:
        """Another video of the same character.

        Args:
            card_path: Persona file of this page.
            text: What to say.
            size: Edge of the picture in pixels.

        Yields:
            Status and video.
        """
        import gradio as gr

        try:
            path = self._known(card_path)
            yield f"{STAGES['speech']} ...", gr.skip()
            studio = self._studio(size)
            for status, video in self._speak(studio, studio.load(path), text.strip()):
                yield status, gr.skip() if video is None else gr.update(value=video, visible=True)
        except ChatAnythingError as exc:
            yield problem(exc), gr.skip()

    def _speak(self, studio: Studio, persona: Persona, text: str) -> Iterator[tuple[str, str | None]]:
        """Status lines while the video is made, then the last one with the video's path."""
        out = self._new_path(persona.card.id, ".mp4")
        for stage, done, total in _following(lambda tell: studio.say(persona, text, out=out, progress=tell)):
            share = f" {100 * done / total:.0f} %" if total > 1 else ""
            yield f"{STAGES.get(stage, stage.capitalize())} ...{share}", None
        yield f"**{persona.card.name}** says: {text}", str(out)

    def _studio(self, size: int) -> Studio:
        """The studio for a picture size; one is kept for each."""
        size = int(size)
        if size not in self._studios:
            base = self._base
            self._studios[size] = Studio(
                llm=base.llm,
                face_engine=base.face_engine,
                renderer=base.renderer,
                size=size,
                fps=base.fps,
                config=base.config,
            )
        return self._studios[size]

    def _new_path(self, name: str, suffix: str) -> Path:
        return self._folder / f"{name}-{secrets.token_hex(4)}{suffix}"

    def _known(self, card_path: str) -> Path:
        """A persona file that this page wrote; a path from elsewhere is not read.

        Raises:
            ChatAnythingError: There is none.
        """
        path = Path(card_path).resolve()
        if not card_path or path.parent != self._folder.resolve() or not path.is_file():
            raise ChatAnythingError("there is no character yet", hint="Describe one first.")
        return path


def _following(work: Callable[[Callable[..., None]], object]) -> Iterator[tuple[str, float, float]]:
    """Run a job in a thread and yield its progress; its error comes out here.

    Yields:
        Stage, done, total; at most one report a percent.
    """
    reports: queue.Queue[Any] = queue.Queue()
    errors: list[BaseException] = []

    def tell(stage: str, done: float, total: float, note: str = "") -> None:  # noqa: ARG001 - Progress
        reports.put((stage, done, total))

    def run() -> None:
        try:
            work(tell)
        except BaseException as exc:  # noqa: BLE001 - handed over to the page's own thread
            errors.append(exc)
        finally:
            reports.put(_END)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    last: tuple[str, int] | None = None
    while (report := reports.get()) is not _END:
        stage, done, total = report
        now = (stage, int(20 * done / total) if total else 0)
        if now != last:
            last = now
            yield stage, done, total
    thread.join()
    if errors:
        raise errors[0]


def _patch(
    status: str,
    *,
    card: Any = None,
    voice: Any = None,
    portrait: Any = None,
    video: Any = None,
    file: Any = None,
    more: Any = None,
    path: str | None = None,
) -> tuple[Any, ...]:
    """One update of the page; what is None stays as it is."""
    import gradio as gr

    rest = (card, voice, portrait, video, file, more, path)
    return (status, *(gr.skip() if piece is None else piece for piece in rest))


def _whole(seed: float | None) -> int | None:
    return None if seed is None else int(seed)


def problem(exc: ChatAnythingError) -> str:
    """An error as one friendly line."""
    line = str(exc)
    return f"**That did not work:** {line[:1].upper()}{line[1:]}"


def card_text(card: PersonaCard) -> str:
    """The character in a few lines of Markdown."""
    temper = card.temperament()
    traits = (
        ("open", temper.openness),
        ("orderly", temper.conscientiousness),
        ("outgoing", temper.extraversion),
        ("kind", temper.agreeableness),
        ("anxious", temper.neuroticism),
    )
    lines = [f"## {card.name}", card.description]
    if card.greeting:
        lines.append(f"> {card.greeting}")
    lines.append(" · ".join(f"{name} {100 * value:.0f} %" for name, value in traits))
    return "\n\n".join(lines)


def voice_text(voice: VoiceChoice) -> str:
    """The voice and why it was chosen, in Markdown."""
    blend = " + ".join(f"{100 * weight:.0f} % {name}" for name, weight in voice.weights)
    effect = "" if voice.effect == "none" else f", effect {voice.effect}"
    return "\n".join([f"**Voice:** {blend}{effect}", "", *(f"- {reason}" for reason in voice.reason)])
