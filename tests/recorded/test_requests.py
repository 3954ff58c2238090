"""An export is read, or refused with one message; what is left out is counted by its reason."""

import gzip
import random

import pandas as pd
import pytest

import gridsim as gs
from gridsim.recorded.requests import read_requests

MAP = {"opened": "opened", "closed": "closed", "limit": "limit", "type": "kind", "place": "area", "id": "id"}
HEAD = "id,opened,closed,limit,kind,area\n"
ROW = "{id},2015-03-0{day} 09:{minute:02}:00,2015-03-0{day} 15:00:00,2015-03-1{day} 08:30:00,noise,north\n"


def rows(count=40):
    return [ROW.format(id=k, day=2 + k % 5, minute=k % 60) for k in range(count)]


def written(tmp_path, text, name="requests.csv"):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_a_clean_file_is_used_whole(tmp_path):
    """Plain, gzip and Parquet give the same rows."""
    text = HEAD + "".join(rows())
    plain = read_requests(written(tmp_path, text), MAP)
    packed = read_requests(written(tmp_path, gzip.compress(text.encode()), "requests.csv.gz"), MAP)
    assert len(plain.rows) == plain.found == 40
    pd.testing.assert_frame_equal(plain.rows, packed.rows)
    pytest.importorskip("pyarrow")
    pd.read_csv(tmp_path / "requests.csv", dtype=str).to_parquet(tmp_path / "requests.parquet")
    pd.testing.assert_frame_equal(read_requests(tmp_path / "requests.parquet", MAP).rows, plain.rows)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("x,,2015-03-02 15:00:00,,noise,north\n", "without a time of opening"),
        ("x,20155-03-02 09:00:00,,,noise,north\n", "with a time of opening that is no date"),
        ("x,2015-02-30 09:00:00,,,noise,north\n", "with a time of opening that is no date"),
        ("1,2015-03-02 09:00:00,,,noise,north\n", "twice in the file"),
    ],
)
def test_what_cannot_be_used_is_counted_by_its_reason(tmp_path, row, reason):
    """One bad row among good ones."""
    export = read_requests(written(tmp_path, HEAD + "".join(rows()) + row), MAP)
    assert {reason: count for reason, count in export.left_out.items() if count} == {reason: 1}
    assert len(export.rows) == 40
    assert reason in export.said


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("x,2015-03-02 09:00:00,2015-03-01 09:00:00,,noise,north\n", "closed before they were opened"),
        ("x,2015-03-02 09:00:00,soon,,noise,north\n", "closing that is no date"),
        ("x,2015-03-02 09:00:00,,soon,noise,north\n", "limit that is no date"),
        ("x,2015-03-02 09:00:00,,2015-03-01 09:00:00,noise,north\n", "limit before they were opened"),
        ("x,2015-03-02 09:00:00,,,noise,\n", "without a place"),
        ("x,2015-03-02 09:00:00,,,noise,未知\n", "without a place"),
        ("x,2015-03-02 09:00:00,,,,north\n", "without a type"),
        ("x,2015-03-02 09:00:00,,,N/A,north\n", "without a type"),
        ("x,2015-03-02 09:00:00,,,noise," + "n" * 1_000_000 + "\n", "without a place"),
    ],
)
def test_what_a_request_does_not_use_cannot_disqualify_it(tmp_path, row, what):
    """It is used, and what is unknown is counted."""
    export = read_requests(written(tmp_path, HEAD + "".join(rows()) + row), MAP)
    assert len(export.rows) == export.found == 41
    unknown = {name: count for name, count in export.unknown.items() if count}
    assert list(unknown.values()) == [1]
    assert what in next(iter(unknown))
    assert what in export.said


def test_coordinates_of_zero_are_unknown_and_decimal_commas_are_read(tmp_path):
    """Said, both."""
    text = "opened,kind,lat,lon\n2015-03-02 09:00,noise,42.3,-71.1\n2015-03-02 10:00,noise,0,0\n"
    text += '2015-03-02 11:00,noise,"42,3","-71,1"\n'
    export = read_requests(written(tmp_path, text), {"opened": "opened", "type": "kind", "place": "lat,lon"})
    assert export.rows["place_known"].tolist() == [True, False, True]
    assert export.rows["latitude"].iloc[2] == 42.3
    assert export.by_coordinates
    assert any("decimal commas" in sentence for sentence in export.recognised)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (HEAD, "holds no rows"),
        (HEAD + "1,yesterday,,,noise,north\n", "holds no dates"),
        (
            HEAD + "".join(rows()) + "".join(f"{90 + k},03/14/2015 9:00:00 AM,,,noise,north\n" for k in range(9)),
            "two date formats",
        ),
        (HEAD + "1,2015-03-02 09:00:00Z,,,a,b\n2,2015-03-02 09:00:00+01:00,,,a,b\n", "several time zones"),
        (HEAD + "1,03/04/2015,,,a,b\n2,05/06/2015,,,a,b\n", "day or the month first"),
        (HEAD + "1,2015-03-02 09:00:00Z,,,a,b\n2,2015-03-02 09:00:00,,,a,b\n", "several time zones"),
        (b"PK\x03\x04 no workbook", "is not a workbook"),
        (b"PAR1 no parquet", "is not Parquet|needs pyarrow"),
        (b'[{"opened": 1', "is not JSON"),
        (b"a\0b\0\0\0c,d\n\0\0", "is not a table"),
        ("id,opend,closed,limit,kind,area\n1,2,3,4,5,6\n", "no column 'opened'; did you mean opend"),
        (HEAD + "1,,,,noise,north\n", "no dates|no row can be used"),
    ],
)
def test_what_makes_every_row_doubtful_is_refused(tmp_path, content, said):
    """One message."""
    with pytest.raises(gs.ScenarioError, match=said):
        read_requests(written(tmp_path, content), MAP)


def test_a_truncated_gzip_is_refused(tmp_path):
    """Cut in the middle."""
    whole = gzip.compress((HEAD + "".join(rows(4000))).encode())
    with pytest.raises(gs.ScenarioError, match="cut off"):
        read_requests(written(tmp_path, whole[: len(whole) // 2], "requests.csv.gz"), MAP)


def test_day_or_month_first_can_be_said(tmp_path):
    """The third of April, or the fourth of March."""
    file = written(tmp_path, HEAD + "1,03/04/2015,,,a,b\n2,05/06/2015,,,a,b\n")
    assert read_requests(file, MAP, "day first").rows["opened"].iloc[0].month == 4
    assert read_requests(file, MAP, "month first").rows["opened"].iloc[0].month == 3


def fuzzed(tmp_path, times, seed):
    """How many mutated files are read, and how many refused; any other error than a `ScenarioError` comes through."""
    read = refused = 0
    generator, whole = random.Random(seed), bytearray((HEAD + "".join(rows(12))).encode())
    packed = bytearray(gzip.compress(bytes(whole)))
    for number in range(times):
        content, name = (bytearray(packed), "f.csv.gz") if number % 5 == 0 else (bytearray(whole), "f.csv")
        for _ in range(generator.randint(1, 12)):
            place = generator.randrange(len(content))
            kind = generator.randrange(4)
            if kind == 0:
                content[place] = generator.randrange(256)
            elif kind == 1:
                del content[place : place + generator.randint(1, 9)]
            elif kind == 2:
                content[place:place] = bytes(generator.choices(b',"\n\r;\t0-:/Z', k=generator.randint(1, 9)))
            else:
                content[place:place] = content[place // 2 : place]
            if not content:
                content = bytearray(b"\n")
        try:
            export = read_requests(written(tmp_path, bytes(content), name), MAP)
        except gs.ScenarioError:
            refused += 1
            continue
        assert len(export.rows) + sum(export.left_out.values()) == export.found
        read += 1
    return read, refused


def test_mutated_files_are_read_or_refused(tmp_path):
    """No other error, and every row is used or counted."""
    assert min(fuzzed(tmp_path, 300, 1)) > 30


@pytest.mark.slow
def test_ten_thousand_mutated_files_are_read_or_refused(tmp_path):
    """No traceback, no hang."""
    assert min(fuzzed(tmp_path, 10_000, 2)) > 1000
