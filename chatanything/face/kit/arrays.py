"""Array aliases of the kit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
"""Scene tables and points; float64 because the kernels march with small steps."""
Vector: TypeAlias = Sequence[float] | Array
"""x, y, z (or radii) as a literal or as an array."""
