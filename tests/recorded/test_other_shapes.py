"""Other shapes of exports than the trials': packed, nested, in other letters, with other words and clocks."""

import bz2
import json
import lzma
import zipfile

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import gridsim as gs
from gridsim.cli import app
from gridsim.recorded.cells.date_texts import month_of
from gridsim.recorded.requests import read_requests

PLAIN = {"opened": "opened", "type": "type", "place": "place"}
TIMES = pd.date_range("2024-01-01 08:30", periods=120, freq="435min")
WRITTEN = TIMES.strftime("%Y-%m-%d %H:%M")
ROWS = [{"id": k, "opened": time, "type": "ab"[k % 2], "place": "xyz"[k % 3]} for k, time in enumerate(WRITTEN)]
NAMES = list(ROWS[0])


def table(times=WRITTEN, separator=",", names=NAMES, types="ab", places="xyz"):
    lines = [separator.join(names)]
    lines += [separator.join((str(k), time, types[k % 2], places[k % 3])) for k, time in enumerate(times)]
    return "\n".join(lines) + "\n"


def file_of(tmp_path, content, name="requests.csv", encoding="utf-8"):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return file


def opened(file, columns=PLAIN, **options):
    return read_requests(file, columns, **options).rows["opened"].tolist()


PORTALS = {
    "columns and data": ({"columns": NAMES, "data": [list(row.values()) for row in ROWS]}, PLAIN),
    "a mapping for each column": ({name: {str(row["id"]): row[name] for row in ROWS} for name in NAMES}, PLAIN),
    "a list for each column": ({name: [row[name] for row in ROWS] for name in NAMES}, PLAIN),
    "lists below a header": ([NAMES, *(list(row.values()) for row in ROWS)], PLAIN),
    "Socrata": (
        {"meta": {"view": {"columns": [{"name": n.upper(), "fieldName": n} for n in NAMES]}},
         "data": [list(row.values()) for row in ROWS]}, PLAIN),
    "CKAN": ({"help": "", "result": {"fields": [{"id": n} for n in NAMES], "records": ROWS}}, PLAIN),
    "ArcGIS": ({"fields": [{"name": "id"}], "features": [{"attributes": row} for row in ROWS]}, PLAIN),
    "ArcGIS with its envelope named": (
        {"features": [{"attributes": row} for row in ROWS]}, {name: f"attributes.{name}" for name in PLAIN}),
    "Solr": ({"responseHeader": {"status": 0}, "response": {"numFound": 1, "docs": ROWS}}, PLAIN),
    "Elasticsearch": ({"hits": {"total": 1, "hits": [{"_id": "1", "_source": row} for row in ROWS]}}, PLAIN),
    "by number": ({str(row["id"]): row for row in ROWS}, PLAIN),
}  # fmt: skip


@pytest.mark.parametrize("name", PORTALS)
def test_answers_of_portals_are_read(tmp_path, name):
    """Wherever in the file the requests are."""
    found, columns = PORTALS[name]
    requests = read_requests(file_of(tmp_path, json.dumps(found), "requests.json"), columns)
    assert requests.rows["opened"].tolist() == TIMES.tolist()
    assert requests.rows["type"].tolist() == [row["type"] for row in ROWS]


LINES = [json.dumps(row) for row in ROWS]
TEXTS = {
    "one after another": "".join(LINES),
    "with record separators": "".join(f"\x1e{line}\n" for line in LINES),
    "as a call": f"answer({json.dumps(ROWS)});",
    "with half a letter": json.dumps(ROWS).replace('"x"', '"\\ud83dx"'),
}


@pytest.mark.parametrize("name", TEXTS)
def test_json_is_read_as_it_is_written(tmp_path, name):
    """In lines or not."""
    assert opened(file_of(tmp_path, TEXTS[name], "requests.json")) == TIMES.tolist()


def test_json_in_the_letters_of_a_country_is_read(tmp_path):
    """Not only UTF-8."""
    rows = [{**row, "place": "海淀区"} for row in ROWS]
    file = file_of(tmp_path, json.dumps(rows, ensure_ascii=False), "requests.json", "gb18030")
    assert set(read_requests(file, PLAIN).rows["place"]) == {"海淀区"}


def test_a_last_line_that_is_cut_off_is_counted(tmp_path):
    """The others are read; an array that is cut off is refused with its line."""
    requests = read_requests(file_of(tmp_path, "\n".join(LINES)[:-9], "requests.jsonl"), PLAIN)
    assert (len(requests.rows), requests.found) == (119, 120)
    with pytest.raises(gs.ScenarioError, match="is not JSON"):
        read_requests(file_of(tmp_path, json.dumps(ROWS)[:-9], "cut.json"), PLAIN)


@pytest.mark.parametrize("missing", [0, 4])
def test_the_geometry_of_geojson_is_a_place(tmp_path, missing):
    """The longitude stands first; a request without one keeps its row."""
    features = [
        {"type": "Feature", "properties": row,
         "geometry": None if missing and k % missing == 0 else {"type": "Point", "coordinates": [-2.3 - k / 999, 48.8, 12.0]}}
        for k, row in enumerate(ROWS)
    ]  # fmt: skip
    file = file_of(tmp_path, json.dumps({"type": "FeatureCollection", "features": features}), "requests.geojson")
    for column in ("geometry", "geometry.coordinates"):
        requests = read_requests(file, {**PLAIN, "place": column})
        assert requests.rows["place_known"].sum() == 120 - (120 // missing if missing else 0)
        assert requests.rows["latitude"].dropna().unique().tolist() == [48.8]
        assert requests.rows["longitude"].max() <= -2.3


@pytest.mark.parametrize("kind", ["zip", "bz2", "xz"])
def test_packed_files_are_unpacked(tmp_path, kind):
    """And it is said; a zip of several files is refused with their names."""
    file = tmp_path / f"requests.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(file, "w") as pack:
            pack.writestr("data/requests.csv", table())
            pack.writestr("__MACOSX/data/._requests.csv", "x")
    else:
        file.write_bytes((bz2 if kind == "bz2" else lzma).compress(table().encode()))
    requests = read_requests(file, PLAIN)
    assert requests.rows["opened"].tolist() == TIMES.tolist()
    assert {"zip": "zip", "bz2": "bzip2", "xz": "xz"}[kind] in requests.recognised[0]
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as pack:
        pack.writestr("a.csv", table())
        pack.writestr("b.csv", table())
    with pytest.raises(gs.ScenarioError, match=r"holds 2 files \(a.csv, b.csv\)"):
        read_requests(tmp_path / "two.zip", PLAIN)


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"%PDF-1.7\n", "PDF"), (b"<html><table><tr><th>opened", "web page"), (b"SQLite format 3\0" + bytes(99), "SQLite"),
     (b"<rows><row/></rows>", "XML"), (b"\x89PNG\r\n" + bytes(99), "image")],
)  # fmt: skip
def test_what_is_no_table_is_named(tmp_path, content, what):
    """Whatever its name says; the command ends with one sentence and writes nothing."""
    file, out = file_of(tmp_path, content, "requests.xls"), tmp_path / "out.toml"
    done = CliRunner().invoke(
        app, ["fit", str(file), "--map", "opened=opened,type=type,place=place", "--out", str(out)]
    )
    assert done.exit_code == 2
    assert what in done.stderr
    assert done.stderr.count("\n") == 1
    assert not out.exists()


@pytest.mark.parametrize("separator", ["^", "~", "\x01"])
def test_rarer_separators_are_recognised(tmp_path, separator):
    """As databases write them."""
    assert opened(file_of(tmp_path, table(separator=separator))) == TIMES.tolist()


def test_cells_may_be_quoted_with_apostrophes(tmp_path):
    """Around names too."""
    lines = "\n".join(",".join(f"'{cell}'" for cell in line.split(",")) for line in table().splitlines())
    requests = read_requests(file_of(tmp_path, lines.replace("'a'", "'a, b'")), PLAIN)
    assert set(requests.rows["type"]) == {"a, b", "b"}


@pytest.mark.parametrize("heading", ["Opened", "OPENED ", "ｏｐｅｎｅｄ"])
def test_a_heading_may_differ_in_case_and_wide_letters(tmp_path, heading):
    """Where no other is like it; else the nearest is named."""
    names = ["id", heading, "type", "place"]
    assert opened(file_of(tmp_path, table(names=names))) == TIMES.tolist()
    with pytest.raises(gs.ScenarioError, match="did you mean Opened"):
        opened(file_of(tmp_path, table(names=["Opened", "OPENED", "type", "place"])))


@pytest.mark.parametrize(
    ("encoding", "places"),
    [("koi8_r", ("Центральный район", "Северный")), ("cp866", ("Центральный район", "Северный")),
     ("euc_jp", ("北区の公園", "南区の道路")), ("iso2022_jp", ("北区の公園", "南区の道路")),
     ("cp874", ("เขตพระนคร", "เขตดุสิต")), ("cp1253", ("Αθήνα Κέντρο", "Πειραιάς Λιμάνι"))],
)  # fmt: skip
def test_more_ways_to_write_letters_are_recognised(tmp_path, encoding, places):
    """Russian, Japanese, Thai and Greek."""
    requests = read_requests(file_of(tmp_path, table(places=(*places, places[0])), encoding=encoding), PLAIN)
    assert set(requests.rows["place"]) == set(places)


def test_how_letters_are_written_may_be_said(tmp_path):
    """Where it cannot be told; a name that is none is refused with the nearest."""
    file, out = file_of(tmp_path, table(places=("Köln", "Süd", "Ost")), encoding="cp850"), tmp_path / "out.toml"
    done = CliRunner().invoke(app, ["fit", str(file), "--map", "opened=opened,type=type,place=place", "--out", str(out),
                                    "--encoding", "cp850"])  # fmt: skip
    assert done.exit_code == 0, done.output
    assert gs.load(out).territory.cell_names == ("Köln", "Ost", "Süd")
    for wrong in ("cp1215", "hex", 3, "a\0"):
        with pytest.raises(gs.ScenarioError, match=r"encoding = .*is not known"):
            gs.fit(file, PLAIN, encoding=wrong)


MONTHS = {
    "fr": ("janvier", "février", "mars", "avril"), "de": ("Januar", "Februar", "März", "April"),
    "es": ("enero", "febrero", "marzo", "abril"), "pl": ("stycznia", "lutego", "marca", "kwietnia"),
    "cs": ("ledna", "února", "března", "dubna"), "tr": ("Ocak", "Şubat", "Mart", "Nisan"),
    "ru": ("января", "февраля", "марта", "апреля"), "nl": ("januari", "februari", "maart", "april"),
    "el": ("Ιανουαρίου", "Φεβρουαρίου", "Μαρτίου", "Απριλίου"),
}  # fmt: skip
CLOCKS = {
    **{name: [f"{t.day} {names[t.month - 1]} {t.year} {t:%H:%M}" for t in TIMES] for name, names in MONTHS.items()},
    "año": [f"{t.day} de {MONTHS['es'][t.month - 1]} de {t.year}, {t:%H:%M}" for t in TIMES],
    "год": [f"{t.day} {MONTHS['ru'][t.month - 1]} {t.year} г. {t:%H:%M}" for t in TIMES],
    "heures": [f"{t:%d/%m/%Y à %Hh%M}" for t in TIMES], "às": [f"{t:%d/%m/%Y às %H:%M}" for t in TIMES],
    "weekday between": [f"{t:%d.%m.%Y} Montag {t:%H:%M}" for t in TIMES],
    "Hungarian": [f"{t:%Y. %m. %d. %H:%M}" for t in TIMES],
    "Korean": [f"{t.year}. {t.month}. {t.day}. {'오전' if t.hour < 12 else '오후'} {t:%I:%M}" for t in TIMES],
    "Greek halves": [f"{t:%d/%m/%Y %I:%M} {'πμ' if t.hour < 12 else 'μμ'}" for t in TIMES],
    "hour first": [f"{t:%H:%M %d.%m.%Y}" for t in TIMES], "half first": [f"{t:%p %I:%M %m/%d/%Y}" for t in TIMES],
    "hour before a year": [f"{t:%H:%M:%S %Y-%m-%d}" for t in TIMES],
    "JavaScript": [f"{t:%a %b %d %Y %H:%M:%S} GMT+0800 (China Standard Time)" for t in TIMES],
    "zone in brackets": [f"{t:%Y-%m-%dT%H:%M:%S}+01:00[Europe/Paris]" for t in TIMES],
    "log": [f"{t:%d/%b/%Y:%H:%M:%S} +0100" for t in TIMES], "compact in London": [f"{t:%Y%m%dT%H%M%SZ}" for t in TIMES],
    "DB2": [f"{t:%Y-%m-%d-%H.%M.%S}.000000" for t in TIMES],
    "Oracle": [f"{t:%d-%b-%y %I.%M.%S}.000000 {t:%p}".upper() for t in TIMES],
    ".NET": [f"/Date({int(t.timestamp())}000)/" for t in TIMES], "apostrophe": [f"'{t}" for t in WRITTEN],
    "formula": [f'="{t}"' for t in WRITTEN], "blanks": [f"{t:%Y %m %d %H:%M}" for t in TIMES],
    "Arabic figures": [t.translate({48 + k: 0x660 + k for k in range(10)}) for t in WRITTEN],
    "Reiwa by its letter": [f"R{t.year - 2018}.{t.month}.{t.day} {t:%H:%M}" for t in TIMES],
    "Minguo in figures": [f"{t.year - 1911}{t:%m%d%H%M}" for t in TIMES],
    "year, day, month": [f"{t:%Y-%d-%m %H:%M}" for t in TIMES],
}  # fmt: skip


@pytest.mark.parametrize("name", CLOCKS)
def test_dates_of_many_countries_are_read(tmp_path, name):
    """Names of months, words between, halves of the day, figures of another script."""
    assert opened(file_of(tmp_path, table(CLOCKS[name], ";"))) == TIMES.tolist()


def test_months_that_begin_alike_are_told_apart():
    """June and July in Czech; what is no month is none."""
    assert [month_of(word) for word in ("června", "červen", "července", "červenec", "Juli", "juin")] == [
        6,
        6,
        7,
        7,
        7,
        6,
    ]
    assert [month_of(word) for word in ("noise", "Uhr", "de")] == [None, None, None]


@pytest.mark.parametrize("form", ["%Y-%j %H:%M", "%G-W%V-%u %H:%M", "%Y_%m_%d_%H_%M"])
def test_a_format_that_is_given_reads_the_rest(tmp_path, form):
    """Without it the file is refused, and how to give it is said."""
    file = file_of(tmp_path, table(TIMES.strftime(form)))
    with pytest.raises(gs.ScenarioError, match="--date-format"):
        opened(file)
    assert opened(file, date_format=form) == TIMES.tolist()


def test_dates_most_of_which_cannot_be_read_are_refused(tmp_path):
    """Months in a language that is not known are not damaged rows."""
    times = [f"{t.day} {('Qilla', 'mars')[t.month > 2]} {t.year} 08:30" for t in TIMES]
    with pytest.raises(gs.ScenarioError, match=r"of 120 dates that cannot be read, such as '1 Qilla 2024 08:30'"):
        opened(file_of(tmp_path, table([*times[:-1], "1 mars 2024 08:30"])))


def test_numbers_that_a_spreadsheet_rounded_are_no_dates_and_tell_no_two_apart(tmp_path):
    """1.70E+12 is no hour, and 1.01E+11 is the number of many requests."""
    file = file_of(tmp_path, table([f"{t.timestamp() * 1000:.2E}" for t in TIMES]))
    with pytest.raises(gs.ScenarioError, match=r"is rounded, such as '1.70E"):
        opened(file)
    text = table().replace("\n1,", "\n1.01E+11,").replace("\n2,", "\n1.01E+11,")
    assert len(opened(file_of(tmp_path, text), {**PLAIN, "id": "id"})) == 120


def test_a_day_and_its_hour_may_stand_in_two_columns(tmp_path):
    """As text, and in a workbook."""
    text = "day,hour,type,place\n" + "".join(f"{t:%d.%m.%Y},{t:%H:%M},a,x\n" for t in TIMES)
    columns = {**PLAIN, "opened": "day,hour"}
    assert opened(file_of(tmp_path, text), columns) == TIMES.tolist()
    rows = pd.DataFrame({"day": TIMES.date, "hour": TIMES.time, "type": "a", "place": "x"})
    rows.to_excel(tmp_path / "requests.xlsx", index=False)
    assert opened(tmp_path / "requests.xlsx", columns) == TIMES.tolist()


def book(file, *sheets):
    from openpyxl import Workbook

    made = Workbook()
    made.remove(made.active)
    for name, rows, state in sheets:
        sheet = made.create_sheet(name)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)
    made.save(file)
    return file


def cells_of(rows):
    return [
        NAMES,
        *([row["id"], pd.Timestamp(row["opened"]).to_pydatetime(), row["type"], row["place"]] for row in rows),
    ]


def test_sheets_of_one_form_are_one_table(tmp_path):
    """A sheet a month; what is hidden is not read, and midnight in a workbook is an hour."""
    file = book(tmp_path / "r.xlsx", ("old", cells_of(ROWS[:9]), "hidden"), ("About", [["Requests"]], "visible"),
                ("Jan", cells_of(ROWS[:70]), "visible"), ("Feb", cells_of(ROWS[70:]), "visible"))  # fmt: skip
    requests = read_requests(file, PLAIN)
    assert requests.rows["opened"].tolist() == TIMES.tolist()
    assert requests.rows["hour_known"].all()
    assert "sheets 'Jan', 'Feb'" in requests.recognised[0]


def test_a_stray_cell_at_the_end_of_a_sheet_is_said(tmp_path):
    """It would take half a terabyte."""
    file = book(tmp_path / "r.xlsx", ("Jan", cells_of(ROWS), "visible"))
    from openpyxl import load_workbook

    found = load_workbook(file)
    found["Jan"].cell(1_048_576, 16_384, " ")
    found.save(file)
    with pytest.raises(gs.ScenarioError, match="reaches to row 1,048,576 and column 16,384"):
        read_requests(file, PLAIN)


def test_parquet_may_hold_lists_bytes_and_two_columns_of_one_name(tmp_path):
    """A place with its parts, a type as bytes; the first of two columns is meant."""
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    points = [{"lat": 43.6 + k / 999, "lon": -79.4} for k in range(120)]
    columns = {"id": range(120), " opened": WRITTEN.tolist(), "type": ["Müll".encode()] * 120, "place": points}
    arrays = [pyarrow.array(values) for values in columns.values()]
    made = pyarrow.Table.from_arrays([*arrays, pyarrow.array([["a", "b"]] * 120)], names=[*columns, "type"])
    parquet.write_table(made, tmp_path / "r.parquet")
    for more in ({}, {"id": "id"}):
        requests = read_requests(tmp_path / "r.parquet", {**PLAIN, **more})
        assert requests.rows["opened"].tolist() == TIMES.tolist()
        assert set(requests.rows["type"]) == {"Müll"}
        assert requests.rows["longitude"].unique().tolist() == [-79.4]


POINTS = {
    "{0} / {1}": False, "{0}°N {1}°E": False, "Lat: {0}, Long: {1}": False, "12 Main St ({0}, {1})": False,
    "POINT Z ({1} {0} 0)": False, "{1}，{0}": True, "[{0}, {1}]": False,
}  # fmt: skip


@pytest.mark.parametrize("form", POINTS)
def test_more_texts_are_points(tmp_path, form):
    """With signs of degrees, words, an address before them, a height behind them."""
    east = 116.3 if POINTS[form] else 2.3 if "°" in form else -79.4
    text = "opened;type;place\n"
    text += "".join(f"{t};a;{form.format(39.9 + k / 999, east)}\n" for k, t in enumerate(WRITTEN))
    requests = read_requests(file_of(tmp_path, text), PLAIN)
    assert requests.rows["latitude"].tolist() == pytest.approx(39.9 + np.arange(120) / 999)
    assert requests.rows["longitude"].unique().tolist() == [east]


@pytest.mark.parametrize("places", [("1 2", "3 4", "12 7"), ("1,0", "2,0", "3,0"), ("1, 2", "3, 4", "12, 7")])
def test_whole_numbers_are_no_points(tmp_path, places):
    """A block and a lot, a ward with a decimal comma."""
    requests = read_requests(file_of(tmp_path, table(separator=";", places=places)), PLAIN)
    assert not requests.by_coordinates
    assert set(requests.rows["place"]) == set(places)


def test_a_name_in_two_spellings_is_one(tmp_path):
    """As most rows write it."""
    places = ("North", "NORTH ", "north")
    file = file_of(tmp_path, table(places=places, types=("Lamp", "LAMP")) + "121,2024-02-09 09:00,Lamp,North\n")
    found = gs.fit(file, PLAIN)
    assert found.scenario.territory.cell_names == ("North",)
    assert [problem.type for problem in found.scenario.problems] == ["lamp"]


@pytest.mark.parametrize(
    "word", ["Н/Д", "N / A", "(blank)", "<Null>", "Άγνωστο", "unknown location", "Não se aplica", "unbek.", "資料なし", "???",
             "-999"]
)  # fmt: skip
def test_more_words_for_nothing(tmp_path, word):
    """In brackets, with blanks, of signs only, and in other languages."""
    requests = read_requests(file_of(tmp_path, table(places=(word, "n", "s"))), PLAIN)
    assert (~requests.rows["place_known"]).sum() == 40


WRONG = {
    "path": [None, 3, b"r.csv", ["r.csv"], "a" * 5000], "headcount": [0, -1, 1.5, "20", True],
    "residents": [0, -1, 1.5, "20", float("nan")], "cells": [0, -1, 1.5, "20", None, 10**9],
    "columns": [None, 3, "opened=opened", ["opened"], {"opened": 3, "type": "type", "place": "place"}, {3: "x"}],
    "found_by": [3, b"x", "x"], "date_format": [3, b"%Y", ["%Y"]], "timezone": [3, "localtime", b"UTC"],
    "leave_out": [3, [3], b"type=a", [("type", "a")]],
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_wrong_use_of_fit_is_refused_in_a_sentence(tmp_path, name, value):
    """Before anything is read, where it can be."""
    given = {"path": file_of(tmp_path, table()), "columns": PLAIN, name: value}
    with pytest.raises(gs.ScenarioError) as refused:
        gs.fit(**given)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400


def test_what_is_given_may_be_an_array_or_a_generator(tmp_path):
    """NumPy's numbers too."""
    file = file_of(tmp_path, table(names=["id", "opened", "type", "place"]))
    found = gs.fit(file, {**PLAIN, "opened": iter(["opened"]), "source": "place"}, headcount=np.int64(20),
                   residents=np.int32(900), found_by=np.array(["x"]), leave_out=(f"type={one}" for one in "a"))  # fmt: skip
    assert found.scenario.headcount == 20
    assert len(found.records) == 60
    assert found.scenario.problems[0].hidden == pytest.approx(1 / 3, abs=0.01)


@pytest.mark.parametrize("length", ["48", "48 hours", "3 working days", "P3D", "5 Tage"])
def test_a_limit_that_is_a_length_is_refused_with_what_to_do(tmp_path, length):
    """It is no time at which something is due."""
    text = "opened,due,type,place\n" + "".join(f"{time},{length},a,x\n" for time in WRITTEN)
    with pytest.raises(gs.ScenarioError, match=r"'limit' holds lengths, .* set limit_hours"):
        gs.fit(file_of(tmp_path, text), {**PLAIN, "limit": "due"})


def test_urgencies_in_other_words_are_said(tmp_path):
    """They were passed over without a word."""
    text = "opened,priority,type,place\n" + "".join(f"{time},{'LH'[k % 2]},a,x\n" for k, time in enumerate(WRITTEN))
    found = gs.fit(file_of(tmp_path, text), {**PLAIN, "urgency": "priority"})
    assert any("All requests are taken as routine" in note for note in found.notes)


@pytest.mark.parametrize("offset", [" UTC+8", "+08:00", " GMT+0800"])
def test_an_offset_may_be_one_figure(tmp_path, offset):
    """Behind a name, or with a minus of print."""
    file = file_of(tmp_path, table([f"{time}:00{offset}" for time in WRITTEN]))
    assert opened(file, timezone="UTC") == (TIMES - pd.Timedelta(hours=8)).tolist()
    file = file_of(tmp_path, table([f"{time}:00\N{MINUS SIGN}05:00" for time in WRITTEN]))
    assert opened(file, timezone="UTC") == (TIMES + pd.Timedelta(hours=5)).tolist()


def test_a_number_left_out_may_be_written_otherwise(tmp_path):
    """1 is 1.0."""
    text = "opened,type,place,double\n" + "".join(
        f"{t},a,x,{'1.0' if k % 3 else '0.0'}\n" for k, t in enumerate(WRITTEN)
    )
    assert len(read_requests(file_of(tmp_path, text), PLAIN, leave_out={"Double": 1}).rows) == 40
