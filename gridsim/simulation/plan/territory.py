"""Where things are: cells on a lattice, the units that cover them, and the stations people start from."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@lru_cache(maxsize=32)
def lattice(cells: int) -> tuple[Ints, Ints]:
    """Place the cells on a near-square lattice, numbered along a Hilbert curve.

    Parameters
    ----------
    cells
        Number of cells.

    Returns
    -------
    tuple
        Column and row of every cell, each of shape (cells,). Positions of the curve that fall
        outside the lattice are passed over, so neighbours in number stay neighbours in place.

    References
    ----------
    Warren, Hacker's Delight, 2nd edition, section 16-2 (coordinates from the distance along the curve).
    """
    width = int(np.ceil(np.sqrt(cells)))
    bits = max(0, int(width - 1).bit_length())
    column, row = _hilbert(np.arange(4**bits, dtype=np.int64), bits)
    inside = np.flatnonzero((column < width) & (row < width))[:cells]
    result = column[inside].astype(np.int32), row[inside].astype(np.int32)
    for array in result:
        array.flags.writeable = False
    return result


def nearest_cells(x: Floats, y: Floats, cells: int) -> Ints:
    """Find the cell of every place; where no cell is, the one whose centre is nearest.

    Parameters
    ----------
    x, y
        Places in sides of a cell from the corner of the lattice.
    cells
        Number of cells.
    """
    column, row = lattice(cells)
    width = int(np.ceil(np.sqrt(cells)))
    number = np.full((width, width), -1, np.int32)
    number[column, row] = np.arange(cells, dtype=np.int32)
    across, up = (np.clip(np.floor(v), 0, width - 1).astype(np.int64) for v in (x, y))
    result = number[across, up]
    for place in np.unique(np.stack([across, up])[:, result < 0], axis=1).T:
        near = np.int32(np.argmin((column - place[0]) ** 2 + (row - place[1]) ** 2))
        result[(across == place[0]) & (up == place[1])] = near
    return np.asarray(result, dtype=np.int32)


def _hilbert(distance: NDArray[np.int64], bits: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    x = np.zeros_like(distance)
    y = np.zeros_like(distance)
    rest = distance.copy()
    for level in range(bits):
        side = 1 << level
        right = (rest >> 1) & 1
        up = (rest ^ right) & 1
        flip = (up == 0) & (right == 1)
        x, y = np.where(flip, side - 1 - x, x), np.where(flip, side - 1 - y, y)
        turn = up == 0
        x, y = np.where(turn, y, x), np.where(turn, x, y)
        x += side * right
        y += side * up
        rest >>= 2
    return x, y


def units_of_cells(cells: int, units: list[int]) -> list[Ints]:
    """Give the unit of every tier that covers each cell.

    Parameters
    ----------
    cells
        Number of cells.
    units
        Units of each tier, from the bottom to the top.

    Returns
    -------
    list of arrays
        Per tier the number (within the tier) of the unit of each cell: floor(cell * units / cells) at
        the bottom, and above it floor(unit below * units / units below).
    """
    result = [(np.arange(cells, dtype=np.int64) * units[0] // cells).astype(np.int32)]
    for below, here in zip(units[:-1], units[1:], strict=True):
        result.append((result[-1].astype(np.int64) * here // below).astype(np.int32))
    return result


def station_places(unit_of_cell: Ints, units: int, stations: int, x: Floats, y: Floats) -> tuple[Ints, Floats, Floats]:
    """Find the stations of one tier: each unit's cells in consecutive groups, a station at the mean of each.

    Parameters
    ----------
    unit_of_cell
        The unit of each cell, shape (cells,), not decreasing.
    units
        Units of the tier.
    stations
        Stations wanted per unit; a unit has never more than it has cells.
    x, y
        Centres of the cells in km.

    Returns
    -------
    tuple
        Where the stations of each unit begin, shape (units + 1,), and their coordinates in km.
    """
    size = np.bincount(unit_of_cell, minlength=units)
    first_cell = np.concatenate(([0], np.cumsum(size)))[:-1]
    count = np.minimum(stations, size)
    first = np.concatenate(([0], np.cumsum(count))).astype(np.int32)
    place = np.arange(len(unit_of_cell)) - first_cell[unit_of_cell]
    group = first[unit_of_cell] + place * count[unit_of_cell] // size[unit_of_cell]
    members = np.bincount(group, minlength=first[-1])
    return (
        first,
        np.bincount(group, weights=x, minlength=first[-1]) / members,
        np.bincount(group, weights=y, minlength=first[-1]) / members,
    )
