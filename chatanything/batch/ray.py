"""The same workers as actors of a Ray cluster: each loads its models once, wherever it is.

What a job names travels to the actors through Ray's object store, and the finished video comes back the same
way; only the process that leads has the output folder and the ledger. So nodes share no disk, and need
nothing but the package, the weights and Ray.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from chatanything.batch.crew import CrewMaker, Lost, Outcome
from chatanything.batch.ledger import Made
from chatanything.batch.making import Failed, JobMaker
from chatanything.batch.manifest import Job
from chatanything.batch.order import Task
from chatanything.batch.place import is_out_of_space, settle
from chatanything.batch.ray_folder import ActorFolder
from chatanything.errors import BackendError, UsageError
from chatanything.provenance.certificates import Credential, credential, sign_as
from chatanything.provenance.manifest import sidecar_path
from chatanything.settings import Settings, load_settings
from chatanything.settings import settings as process_settings

_OWN: Final = frozenset(
    {
        "home",
        "stage_cache",
        "certificate",
        "private_key",
        "memory",
        "api_keys",
        "allowed_origins",
        "ice_servers",
    }
)
"""Settings that a node has for itself, or that concern no worker."""
_QUIET: Final = {
    "RAY_USAGE_STATS_ENABLED": "0",  # nothing is sent to anybody
}
_MOST_STILLBORN: Final = 5
"""Actors that may die in their first breath, nodes that break down included, before the run gives up."""
_AHEAD: Final = 2
"""Tasks that an actor is given at once, so that it need not wait while the last video is written down."""
_LEAVE_S: Final = 5.0
_STORE_BYTES: Final = 512 * 1024 * 1024
"""Object store of an instance that is started here."""


@dataclass(frozen=True, slots=True)
class _Kit:
    """What every actor is given once."""

    environment: Mapping[str, str]
    """CHATANYTHING_* variables that say what the leading process's settings say."""
    owner: Credential | None
    """The leading process's certificate, so that all nodes sign as one; None where nobody signs."""


@dataclass(frozen=True, slots=True)
class _Parcel:
    """A finished video on its way."""

    made: Made
    video: bytes
    sidecar: bytes


class Actor:
    """One worker on a node; Ray makes it an actor.

    Args:
        kit: What it needs to be like all others.
    """

    def __init__(self, kit: _Kit) -> None:
        for name in [name for name in os.environ if name.startswith("CHATANYTHING_")]:
            if name.removeprefix("CHATANYTHING_").lower() not in _OWN:
                del os.environ[name]
        os.environ.update(kit.environment)
        process_settings.cache_clear()
        if not load_settings().ray_gpus:
            os.environ["CUDA_VISIBLE_DEVICES"] = ""  # before torch looks
        if kit.owner is not None:
            sign_as(kit.owner)
        self._folder = ActorFolder()
        self._base = self._folder.path
        self._maker = JobMaker(self._base, load_settings())

    def ready(self) -> bool:
        """Answers once the actor is there."""
        return True

    def leave(self) -> None:
        """Remove what jobs brought here; nothing can be made afterwards."""
        self._folder.close()

    def make(self, job: Job, name: str, inputs: Mapping[str, str], *contents: bytes) -> _Parcel | Failed:
        """Make a job's video.

        Args:
            job: The job; the files it names are those of `inputs`.
            name: The video's name.
            inputs: Field of the job -> name here, in the order of `contents`.
            contents: Of those files.
        """
        try:
            for own, content in zip(inputs.values(), contents, strict=True):
                if not (self._base / own).is_file():
                    (self._base / own).write_bytes(content)
        except OSError as exc:
            return Failed(str(exc), may_pass=True, is_full=is_out_of_space(exc))
        with TemporaryDirectory(dir=self._base) as folder:
            target = Path(folder) / name
            result = self._maker.attempt(job.model_copy(update=dict(inputs)), target, durable=False)
            if isinstance(result, Failed):
                return result
            return _Parcel(result, target.read_bytes(), sidecar_path(target).read_bytes())


def ray_crew(address: str | None, workers: int | None) -> CrewMaker:
    """What makes the workers of a cluster.

    Args:
        address: Of a running cluster, HOST:PORT or "auto"; None starts an instance on this machine.
        workers: How many actors; None takes all of the cluster's processors, or its GPUs where the setting
            `ray_gpus` gives each actor a share of one.

    Raises:
        BackendError: Ray is not installed.
    """
    load_ray()
    return lambda base, config: RayCrew(base, config, address, workers)


class RayCrew:
    """Actors of a cluster; one that dies is replaced, and its job comes back as lost.

    Args:
        base: Folder that the jobs' relative paths start from.
        config: Settings of the batch.
        address: As for `ray_crew`.
        workers: As for `ray_crew`.

    Raises:
        BackendError: Ray is not installed, or there is no cluster at the address.
        UsageError: The cluster has no room for one worker.
    """

    name = "ray"

    def __init__(self, base: Path, config: Settings, address: str | None, workers: int | None) -> None:
        self._ray = load_ray()
        self._base = base
        _connect(self._ray, address, workers)
        self.size = workers or _room(self._ray, config.ray_gpus)
        if not self.size:
            self._ray.shutdown()
            raise UsageError(
                "the Ray cluster has no room for a worker",
                expected=f"a processor{f' and {config.ray_gpus:g} GPU' if config.ray_gpus else ''}",
                hint="Add nodes, or lower CHATANYTHING_RAY_GPUS.",
            )
        owner = credential(config) if config.sign else None
        self._kit = self._ray.put(_Kit(environment_of(config), owner))
        self._class = self._ray.remote(Actor).options(
            num_cpus=1, num_gpus=config.ray_gpus, max_restarts=0,
            runtime_env={"env_vars": {"OMP_NUM_THREADS": "1"}},
        )  # fmt: skip
        self._files: dict[str, Any] = {}
        self._actors: dict[str, Any] = {}
        self._coming: dict[Any, str] = {}
        """Answer that an actor is there -> its name."""
        self._load: dict[str, int] = {}
        """Actor that is there -> its tasks."""
        self._stillborn = 0
        self._busy: dict[Any, tuple[str, Any, Task, Path]] = {}
        """Answer that is to come -> name, actor, task, and where its video goes."""
        for number in range(1, self.size + 1):
            self._hire(str(number))

    def _hire(self, worker: str) -> None:
        actor = self._class.remote(self._kit)
        self._actors[worker] = actor
        self._coming[actor.ready.remote()] = worker

    def idle(self) -> Sequence[str]:
        """See `Crew.idle`; actors count once they are there."""
        self._welcome(0.0 if self._load else 0.2)
        return [name for name, load in sorted(self._load.items(), key=lambda one: one[1]) if load < _AHEAD]

    def _welcome(self, timeout_s: float) -> None:
        if not self._coming:
            return
        arrived, _ = self._ray.wait(list(self._coming), num_returns=1, timeout=timeout_s)
        for answer in arrived:
            worker = self._coming.pop(answer)
            try:
                self._ray.get(answer)
            except self._ray.exceptions.RayError as exc:
                self._stillborn += 1
                if self._stillborn > _MOST_STILLBORN:
                    raise BackendError(
                        "Ray workers end before they begin", got=_last_line(exc),
                        hint="Every node needs the same chatanything, with its weights.",
                    ) from exc  # fmt: skip
                self._hire(worker)
            else:
                self._load[worker] = 0

    def give(self, worker: str, task: Task, target: Path) -> None:
        """See `Crew.give`."""
        self._load[worker] += 1
        actor = self._actors[worker]
        inputs, contents = {}, []
        for field in ("persona", "audio", "face"):
            if name := getattr(task.job, field):
                path = self._base / name
                reference = self._shared(path)
                inputs[field] = f"{reference.hex()}{path.suffix}"
                contents.append(reference)
        answer = actor.make.remote(task.job, Path(task.out).name, inputs, *contents)
        self._busy[answer] = (worker, actor, task, target)

    def _shared(self, path: Path) -> Any:
        """A file in the object store, put there once."""
        if str(path) not in self._files:
            self._files[str(path)] = self._ray.put(path.read_bytes())
        return self._files[str(path)]

    def next(self, timeout_s: float) -> Outcome | None:
        """See `Crew.next`."""
        self._welcome(0.0)
        if not self._busy:
            return None
        ended, _ = self._ray.wait(list(self._busy), num_returns=1, timeout=timeout_s)
        if not ended:
            return None
        worker, actor, task, target = self._busy.pop(ended[0])
        if self._actors[worker] is actor and worker in self._load:
            self._load[worker] -= 1
        try:
            result = self._ray.get(ended[0])
        except self._ray.exceptions.RayTaskError as exc:
            return Outcome(worker, task, Failed(_last_line(exc), may_pass=False))
        except self._ray.exceptions.RayError as exc:
            if self._actors[worker] is actor:  # its other task is lost with it, and comes back by itself
                self._load.pop(worker, None)
                self._hire(worker)
            return Outcome(worker, task, Lost(f"the Ray worker is gone: {type(exc).__name__}"))
        if isinstance(result, Failed):
            return Outcome(worker, task, result)
        return Outcome(worker, task, _unpacked(result, target))

    def close(self) -> None:
        """See `Crew.close`; a cluster that was there before stays."""
        leaving = [self._actors[name].leave.remote() for name, load in self._load.items() if not load]
        with suppress(Exception):  # who does not answer in time is swept up by the next one there
            self._ray.get(leaving, timeout=_LEAVE_S)
        for actor in self._actors.values():
            self._ray.kill(actor, no_restart=True)
        self._ray.shutdown()


def environment_of(config: Settings) -> dict[str, str]:
    """The variables that give another process these settings, those left out that are a node's own."""
    found = {}
    for name, value in config.model_dump(mode="json").items():
        if name in _OWN or value is None:
            continue
        text = value if isinstance(value, str) else json.dumps(value)
        if text:
            found[f"CHATANYTHING_{name.upper()}"] = text
    return found


def _unpacked(parcel: _Parcel, target: Path) -> Made | Failed:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        sidecar_path(target).write_bytes(parcel.sidecar)
        target.write_bytes(parcel.video)
        settle(target)
    except OSError as exc:
        return Failed(
            f"{target} cannot be written: {exc.strerror}.", may_pass=True, is_full=is_out_of_space(exc)
        )
    return parcel.made


def load_ray() -> Any:
    """Ray, told to be quiet before it is imported.

    Raises:
        BackendError: It is not installed.
    """
    os.environ.update(_QUIET)
    try:
        import ray
    except ImportError as exc:
        raise BackendError(
            "the Ray engine needs ray", got=str(exc), hint='Install with: pip install "chatanything[ray]"'
        ) from exc
    return ray


def _connect(ray: Any, address: str | None, workers: int | None) -> None:
    quiet = {"logging_level": "ERROR", "log_to_driver": False}
    try:
        if address is None:
            ray.init(
                address="local", num_cpus=workers, include_dashboard=False, object_store_memory=_STORE_BYTES,
                _node_ip_address="127.0.0.1", **quiet,
            )  # fmt: skip
        else:
            ray.init(address=address, **quiet)
    except Exception as exc:  # a start that takes too long is a bare Exception to Ray
        raise BackendError(
            f"there is no Ray cluster at {address}" if address else "Ray cannot be started here",
            got=(str(exc).splitlines() or [""])[0][:200],
            hint="Start one with: ray start --head",
        ) from exc


def _room(ray: Any, gpus: float) -> int:
    """How many workers fit into the cluster."""
    resources: Mapping[str, float] = ray.cluster_resources()
    fitting = resources.get("CPU", 0.0)
    if gpus:
        fitting = min(fitting, sum(_shares(node, gpus) for node in ray.nodes()))
    return int(fitting)


def _shares(node: Mapping[str, Any], gpus: float) -> int:
    """Workers that a node's GPUs carry; a share never lies on two of them."""
    here = node.get("Resources", {}).get("GPU", 0.0) if node.get("Alive") else 0.0
    return int(here) * int(1 / gpus + 1e-6)


def _last_line(exc: BaseException) -> str:
    return (str(exc).strip().splitlines() or [type(exc).__name__])[-1]
