"""SceneBuilder: collects primitives in head space and bakes the arrays that sdf.py and render.py use."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatanything.face.kit import sdf
from chatanything.face.kit.arrays import Array, Vector
from chatanything.face.kit.backdrops import Backdrop
from chatanything.face.kit.materials import lin
from chatanything.face.kit.params import Character

CAM_DIST = 9.0  # camera distance in head units
PIVOT = np.array([0.0, -0.75, -0.15])  # the head turns around this point
_UPRIGHT = np.eye(3)


def rot(x: float = 0, y: float = 0, z: float = 0) -> Array:
    """Rotation matrix Rz Ry Rx, degrees."""
    a, b, c = (math.radians(v) for v in (x, y, z))
    rx = np.array([[1, 0, 0], [0, math.cos(a), -math.sin(a)], [0, math.sin(a), math.cos(a)]])
    ry = np.array([[math.cos(b), 0, math.sin(b)], [0, 1, 0], [-math.sin(b), 0, math.cos(b)]])
    rz = np.array([[math.cos(c), -math.sin(c), 0], [math.sin(c), math.cos(c), 0], [0, 0, 1]])
    return np.asarray(rz @ ry @ rx)


@dataclass
class Scene:
    """Baked arrays plus anchors (world points) of the landmarks."""

    P: Array
    PT: Array
    G: Array
    M: Array
    D: Array
    E: Array
    H: Array
    L: Array
    bg: Array
    camera: Array
    anchors: dict[str, Array]


class SceneBuilder:
    """Groups of primitives; every primitive is (row of P, points, joint).

    Everywhere: `c` is the centre, `mat` a material from `mat`, `k` the smooth blending width in head units,
    `op` 0 adds and 1 cuts, `R` a rotation matrix.
    """

    def __init__(self) -> None:
        self.groups: list[list[tuple[Array, Array | None, str]]] = []
        self.mats: list[Array] = []
        self.decals: list[Array] = []
        self.eyes: list[Array] = []
        self.joint = "head"

    def mat(self, row: Array) -> int:
        """Register a material."""
        row[21] = self.joint == "body"
        self.mats.append(row)
        return len(self.mats) - 1

    def group(self) -> None:
        """Start a new group (hard union with the others)."""
        self.groups.append([])

    def decal(self, mat: int, c: Vector, r: Vector, color: str, alpha: float, soft: float = 0.6) -> None:
        """Soft coloured ellipsoid painted on one material (blush, patches, markings)."""
        self.decals.append(np.array([mat, *c, *r, soft, *lin(color), alpha], float))

    def _add(
        self,
        t: int,
        c: Vector,
        par: Vector,
        mat: int,
        k: float,
        op: int,
        R: Array | None,
        pts: Array | None,
        bound_c: Vector,
        bound_r: float,
    ) -> None:
        row = np.zeros(sdf.NCOL)
        row[0:4] = t, op, k, mat
        row[4:7] = c
        R = np.eye(3) if R is None else R
        row[7:16] = R.T.reshape(-1)
        row[16 : 16 + len(par)] = par
        row[24:27] = np.asarray(c, float) + R @ np.asarray(bound_c, float)
        row[27] = bound_r
        self.groups[-1].append((row, pts, self.joint))

    def ellipsoid(
        self, c: Vector, r: Vector, mat: int, k: float = 0.0, op: int = 0, R: Array | None = None
    ) -> None:
        """Ellipsoid with radii r, turned by R."""
        self._add(sdf.ELLIPSOID, c, r, mat, k, op, R, None, (0, 0, 0), max(r))

    def sphere(self, c: Vector, r: float, mat: int, k: float = 0.0, op: int = 0) -> None:
        """Sphere of radius r."""
        self.ellipsoid(c, (r, r, r), mat, k, op)

    def box(
        self, c: Vector, h: Vector, rnd: float, mat: int, k: float = 0.0, op: int = 0, R: Array | None = None
    ) -> None:
        """Box of half sizes h with edges rounded by rnd."""
        self._add(sdf.BOX, c, (*h, rnd), mat, k, op, R, None, (0, 0, 0), float(np.linalg.norm(h)))

    def tube(
        self,
        pts: npt.ArrayLike,
        mat: int,
        k: float = 0.0,
        op: int = 0,
        flat: float = 1.0,
        c: Vector = (0, 0, 0),
        R: Array | None = None,
        curve: int = 0,
    ) -> None:
        """Polyline; rows x y z radius. ``curve`` > 0: Catmull-Rom with that many pieces per segment."""
        p = np.asarray(pts, float)
        if curve:
            q = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
            t = (np.arange(curve) / curve)[:, None]
            seg = [
                0.5
                * (
                    2 * q[i]
                    + (q[i + 1] - q[i - 1]) * t
                    + (2 * q[i - 1] - 5 * q[i] + 4 * q[i + 1] - q[i + 2]) * t**2
                    + (3 * q[i] - q[i - 1] - 3 * q[i + 1] + q[i + 2]) * t**3
                )
                for i in range(1, len(p))
            ]
            p = np.concatenate([*seg, p[-1:]])
            p[:, 3] = np.maximum(p[:, 3], 0.004)
        m = p[:, :3].mean(0)
        self._add(
            sdf.TUBE,
            c,
            (flat,),
            mat,
            k,
            op,
            R,
            p,
            m,
            float((np.linalg.norm(p[:, :3] - m, axis=1) + p[:, 3]).max()),
        )

    def prism(
        self, poly: Array, z0: float, z1: float, grow: float, mat: int, k: float = 0.0, op: int = 0
    ) -> None:
        """Polygon in x, y extruded along z."""
        p = np.zeros((len(poly), 4))
        p[:, :2] = poly
        m = np.append(p[:, :2].mean(0), (z0 + z1) / 2)
        self._add(
            sdf.PRISM,
            (0, 0, 0),
            (z0, z1, grow),
            mat,
            k,
            op,
            None,
            p,
            m,
            float(np.hypot(np.linalg.norm(p[:, :2] - m[:2], axis=1).max() + grow, (z1 - z0) / 2)),
        )

    def torus(
        self,
        c: Vector,
        R0: float,
        r: float,
        mat: int,
        k: float = 0.0,
        op: int = 0,
        R: Array | None = None,
        stretch: float = 1.0,
    ) -> None:
        """Ring round the y axis: radii R0 and r, its section stretched along y."""
        self._add(sdf.TORUS, c, (R0, r, stretch), mat, k, op, R, None, (0, 0, 0), R0 + r * max(1, stretch))

    def cylinder(
        self,
        c: Vector,
        r: float,
        h: float,
        rnd: float,
        mat: int,
        k: float = 0.0,
        op: int = 0,
        R: Array | None = None,
    ) -> None:
        """Cylinder along y: radius r, half height h, edges rounded by rnd."""
        self._add(sdf.CYLINDER, c, (r, h, rnd), mat, k, op, R, None, (0, 0, 0), math.hypot(r, h))

    def ribbed(self, c: Vector, r: Vector, n: int, depth: float, mat: int, k: float = 0.0) -> None:
        """Ellipsoid with n grooves of a depth along its longitudes (pumpkin)."""
        self._add(sdf.RIBBED, c, (*r, n, depth), mat, k, 0, None, None, (0, 0, 0), max(r))

    def arch(
        self, c: Vector, h: Vector, rnd: float, bend: float, mat: int, k: float = 0.0, op: int = 0
    ) -> None:
        """Rounded box bent backwards at its sides (a row of teeth)."""
        self._add(
            sdf.ARCH,
            c,
            (*h, rnd, bend),
            mat,
            k,
            op,
            None,
            None,
            (0, 0, 0),
            float(np.linalg.norm(h)) + bend * h[0] ** 2,
        )

    def lumpy(
        self, c: Vector, r: Vector, freq: float, amp: float, mat: int, k: float = 0.0, op: int = 0
    ) -> None:
        """Ellipsoid with noise of a frequency and an amplitude on its surface."""
        self._add(sdf.LUMPY, c, (*r, freq, amp), mat, k, op, None, None, (0, 0, 0), max(r) + amp)

    def cone(
        self,
        c: Vector,
        r0: float,
        r1: float,
        h: float,
        rnd: float,
        mat: int,
        k: float = 0.0,
        op: int = 0,
        R: Array | None = None,
    ) -> None:
        """Tapered cylinder along y: radius r0 below, r1 above, half height h."""
        self._add(sdf.CONE, c, (r0, r1, h, rnd), mat, k, op, R, None, (0, 0, 0), math.hypot(max(r0, r1), h))

    def arrays(self, Rh: Array = _UPRIGHT) -> tuple[Array, Array, Array]:
        """P, PT, G with the head rotation applied."""
        rows: list[Array] = []
        pts: list[Array] = []
        G: list[list[float]] = []
        n = 0
        for g in self.groups:
            if not g:
                continue
            start = len(rows)
            for fixed, p, joint in g:
                row = fixed.copy()
                if joint == "head":
                    row[4:7] = PIVOT + Rh @ (row[4:7] - PIVOT)
                    row[24:27] = PIVOT + Rh @ (row[24:27] - PIVOT)
                    row[7:16] = (row[7:16].reshape(3, 3) @ Rh.T).reshape(-1)
                if p is not None:
                    row[22], row[23] = n, n + len(p)
                    pts.append(p)
                    n += len(p)
                rows.append(row)
            q = np.array(rows[start:])
            add = q[q[:, 1] == 0]
            ctr = (add[:, 24:27] * add[:, 27:28]).sum(0) / add[:, 27].sum()
            rad = (np.linalg.norm(add[:, 24:27] - ctr, axis=1) + add[:, 27] + add[:, 2] * 0.25).max()
            G.append([start, len(rows), *ctr, rad])
        return np.array(rows), (np.concatenate(pts) if pts else np.zeros((1, 4))), np.array(G, float)

    def front(self, xy: Array) -> Array:
        """Z of the current front surface (unrotated head) at points (n, 2)."""
        P, PT, G = self.arrays()
        out = np.zeros(len(xy))
        sdf.front_z(
            P, PT, G, np.ascontiguousarray(xy[:, 0], float), np.ascontiguousarray(xy[:, 1], float), 2.2, out
        )
        return out

    def bake(
        self,
        c: Character,
        anchors: dict[str, Array],
        scenery: Backdrop,
        center_y: float,
        extent: float,
    ) -> Scene:
        """Final arrays; the camera looks along -z at (0, center_y) and sees +-extent."""
        Rh = rot(z=-c.roll) @ rot(y=c.yaw) @ rot(x=c.pitch)
        P, PT, G = self.arrays(Rh)
        E = np.zeros((max(1, len(self.eyes)), 15))
        for i, eye in enumerate(self.eyes):
            e = eye.copy()
            e[0:3] = PIVOT + Rh @ (e[0:3] - PIVOT)
            e[3:6] = Rh @ e[3:6]
            E[i] = e
        D = np.array(self.decals) if self.decals else np.full((1, 12), -1.0)
        H = np.zeros(16)
        H[0:9] = Rh.reshape(-1)
        H[9:12] = PIVOT - Rh @ PIVOT
        ctr = (G[:, 2:5].min(0) + G[:, 2:5].max(0)) / 2
        H[12:15] = ctr
        H[15] = (np.linalg.norm(G[:, 2:5] - ctr, axis=1) + G[:, 5]).max()
        az, el = (math.radians(v) for v in c.light)
        key = np.array([math.sin(az) * math.cos(el), math.sin(el), math.cos(az) * math.cos(el)])
        fill = np.array([-math.sin(az) * 0.9, 0.05, 0.7])
        fill /= np.linalg.norm(fill)
        rim = np.array([-math.sin(az) * 0.8, 0.35, -0.6])
        rim /= np.linalg.norm(rim)
        b0, b1 = scenery.top, scenery.bottom
        L = np.concatenate(
            [
                key,
                fill,
                rim,
                np.array([1.84, 1.70, 1.52]) * scenery.key,
                0.27 * np.array([0.86, 0.95, 1.12]) + 0.14 * b0,
                0.16 * np.array([1.0, 0.85, 0.8]) + 0.12 * b1,
                [0.24, 0.27, 0.36],
                0.55 * np.array([1, 1, 1.05]) + 0.5 * b0,
            ]
        )
        cam = np.array([0, center_y, CAM_DIST, extent / CAM_DIST])
        anch = {k: PIVOT + (v - PIVOT) @ Rh.T for k, v in anchors.items()}
        return Scene(P, PT, G, np.array(self.mats), D, E, H, L, scenery.pixels, cam, anch)
