"""Array aliases of the kit."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
"""Scene tables and points; float64 because the kernels march with small steps."""
