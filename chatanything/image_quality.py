"""How near a picture is to its truth."""

from __future__ import annotations

from typing import Final

import numpy as np

from chatanything.types import Bool, UInt8

Box = tuple[int, int, int, int]
_SIGMA: Final = 1.5
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_EXACT: Final = 1e-4
"""Mean squared error that counts as none, so that equal pictures have a ratio: 88 dB."""


def psnr(picture: UInt8, truth: UInt8, box: Box) -> float:
    """Peak signal to noise ratio inside a box, dB; higher is nearer.

    Args:
        picture: (H, W, 3) uint8 RGB.
        truth: The same.
        box: x0, y0, x1, y1 in pixels.
    """
    x0, y0, x1, y1 = box
    error = picture[y0:y1, x0:x1].astype(np.float64) - truth[y0:y1, x0:x1]
    return float(10 * np.log10(255.0**2 / max(float(np.mean(error**2)), _EXACT)))


def ssim(picture: UInt8, truth: UInt8, box: Box) -> float:
    """Structural similarity of the brightness inside a box, at most 1 (Wang et al. 2004, gaussian window).

    Args:
        picture: (H, W, 3) uint8 RGB.
        truth: The same.
        box: x0, y0, x1, y1 in pixels.
    """
    x0, y0, x1, y1 = box
    return float(np.mean(_ssim_map(picture[y0:y1, x0:x1], truth[y0:y1, x0:x1])))


def _ssim_map(picture: UInt8, truth: UInt8) -> np.ndarray:
    """Structural similarity around every pixel, (H, W)."""
    import cv2

    a, b = (
        cv2.cvtColor(np.ascontiguousarray(one), cv2.COLOR_RGB2GRAY).astype(np.float64)
        for one in (picture, truth)
    )

    def mean(image: np.ndarray) -> np.ndarray:
        return np.asarray(cv2.GaussianBlur(image, (11, 11), _SIGMA))

    mean_a, mean_b = mean(a), mean(b)
    var_a, var_b = mean(a * a) - mean_a**2, mean(b * b) - mean_b**2
    both = mean(a * b) - mean_a * mean_b
    top = (2 * mean_a * mean_b + _C1) * (2 * both + _C2)
    bottom = (mean_a**2 + mean_b**2 + _C1) * (var_a + var_b + _C2)
    return np.asarray(top / bottom)


def masked_psnr(picture: UInt8, truth: UInt8, mask: Bool) -> float:
    """`psnr` of the pixels of a mask alone, dB.

    Args:
        picture: (H, W, 3) uint8 RGB.
        truth: The same.
        mask: (H, W), true somewhere.
    """
    error = picture[mask].astype(np.float64) - truth[mask]
    return float(10 * np.log10(255.0**2 / max(float(np.mean(error**2)), _EXACT)))


def masked_ssim(picture: UInt8, truth: UInt8, mask: Bool) -> float:
    """Mean `ssim` of windows around the pixels of a mask, at most 1.

    Args:
        picture: (H, W, 3) uint8 RGB.
        truth: The same.
        mask: (H, W), true somewhere.
    """
    return float(_ssim_map(picture, truth)[mask].mean())
