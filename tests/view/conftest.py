"""Small studies to look at, and a check that no two labels of a figure cover each other."""

from itertools import combinations

import pytest

import gridsim as gs


@pytest.fixture(scope="session")
def small():
    from conftest import everyone_at_once

    return everyone_at_once({"run.days": 12})


@pytest.fixture(scope="session")
def run(small):
    return gs.simulate(small, seed=1, parts=True)


@pytest.fixture(scope="session")
def swept(small):
    values = {"tiers.grid.staff.generalist.count": [1, 2], "escalation.after_hours": [None, 4, 24]}
    return gs.sweep(small, values, replications=3, workers=1, progress=False)


@pytest.fixture(scope="session")
def main_job():
    from gridsim.jobs.street.plan import street_plan

    return street_plan(days=10).run(replications=2, workers=1, progress=False)


def _visible_texts(figure):
    """All texts that are drawn: labels of ticks beyond the ends of an axis are not."""
    from matplotlib.text import Text

    beyond = set()
    for ax in figure.axes:
        for axis, place in ((ax.xaxis, 0), (ax.yaxis, 1)):
            low, high = sorted(axis.get_view_interval())
            labels = [*axis.get_majorticklabels(), *axis.get_minorticklabels()]
            beyond |= {
                label for label in labels if not low <= label.get_position()[place] <= high or not axis.get_visible()
            }
        if not ax.axison:
            beyond |= set(ax.xaxis.findobj(Text)) | set(ax.yaxis.findobj(Text))
    texts = figure.findobj(Text)
    return [text for text in texts if text.get_visible() and text.get_text().strip() and text not in beyond]


@pytest.fixture
def covered():
    """Give the pairs of texts of a figure that cover each other, and those that leave the figure."""

    from matplotlib.text import Text

    def find(ax):
        figure = ax.get_figure(root=True)
        figure.canvas.draw()
        # Of a note with a pointer, only the text counts.
        boxes = [(text.get_text(), Text.get_window_extent(text)) for text in _visible_texts(figure)]
        frame = figure.bbox
        boxes = [(name, box) for name, box in boxes if box.width > 0 and frame.overlaps(box)]
        pairs = [
            (name, other)
            for (name, box), (other, place) in combinations(boxes, 2)
            if min(box.x1, place.x1) - max(box.x0, place.x0) > 1 and min(box.y1, place.y1) - max(box.y0, place.y0) > 1
        ]
        outside = [name for name, box in boxes if box.x0 < frame.x0 - 1 or box.x1 > frame.x1 + 1
                   or box.y0 < frame.y0 - 1 or box.y1 > frame.y1 + 1]  # fmt: skip
        return pairs + outside

    return find
