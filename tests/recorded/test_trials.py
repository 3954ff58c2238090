"""Shapes in which cities publish their requests: each is read as a planner would read it, and it is said how."""

import io
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import gridsim as gs
from gridsim.cli import app
from gridsim.recorded.requests import read_requests

PLAIN = {"opened": "opened", "type": "type", "place": "place"}
HEAD = "id,opened,type,place\n"


def written(tmp_path, text, name="requests.csv", encoding="utf-8"):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return file


def fitted(tmp_path, text, columns=PLAIN, encoding="utf-8", **options):
    return gs.fit(written(tmp_path, text, encoding=encoding), columns, **options)


def said(found, words):
    return any(words in note for note in found.notes)


def opened(found):
    return list(pd.Timestamp(found.records.start) + pd.to_timedelta(found.records.time, unit="h").round("s"))


def rate(found):
    return sum(p.per_1000_residents_per_day for p in found.scenario.problems) * found.scenario.territory.cells


def days(count, form="%Y-%m-%d %H:%M:%S", start="2024-01-01 08:30", step=7.25):
    return [(pd.Timestamp(start) + pd.Timedelta(hours=step * k)).strftime(form) for k in range(count)]


def table(times, separator=","):
    lines = [separator.join(["id", "opened", "type", "place"])]
    lines += [separator.join([str(k), f'"{time}"', "ab"[k % 2], "xyz"[k % 3]]) for k, time in enumerate(times)]
    return "\n".join(lines) + "\n"


def test_a_closing_written_as_midnight_makes_the_closing_unknown(tmp_path):
    """Not the request: day-only closings come before their opening."""
    text = "id,opened,closed,type,place\n"
    text += "".join(f"{k},01/{k + 1:02}/2023 09:00:00 AM,01/{k + 1:02}/2023 12:00:00 AM,Lift,BRONX\n" for k in (1, 2))
    text += "3,01/13/2023 09:00:00 AM,01/15/2023 12:00:00 AM,Lift,BRONX\n"
    found = fitted(tmp_path, text, {**PLAIN, "id": "id", "closed": "closed"}, dates="month first")
    assert said(found, "3 of 3 rows used")
    assert said(found, "2 closed before they were opened")


@pytest.mark.parametrize("offset", ["+00", "Z", "+0000", "+00:00", " UTC"])
def test_an_offset_is_converted_where_the_zone_is_said(tmp_path, offset):
    """Without it the times are taken as written, and a sentence says so."""
    text = HEAD + f"1,2024-01-08 14:00:00{offset},a,x\n2,2024-07-09 14:00:00{offset},a,x\n"
    assert opened(fitted(tmp_path, text, timezone="America/New_York")) == [
        pd.Timestamp("2024-01-08 09:00"),
        pd.Timestamp("2024-07-09 10:00"),
    ]
    found = fitted(tmp_path, text)
    assert opened(found)[0] == pd.Timestamp("2024-01-08 14:00")
    assert said(found, "taken as written")


def test_two_offsets_of_one_zone_are_local_times_already(tmp_path):
    """Before and after summer time begins; two offsets of no zone are refused."""
    found = fitted(tmp_path, HEAD + "1,2024-03-08T09:00:00-06:00,a,x\n2,2024-03-11T09:00:00-05:00,a,x\n")
    assert [time.hour for time in opened(found)] == [9, 9]
    assert said(found, "one time zone")
    with pytest.raises(gs.ScenarioError, match="several time zones"):
        fitted(tmp_path, HEAD + "1,2024-03-11T09:00:00-06:00,a,x\n2,2024-03-11T09:00:00-05:00,a,x\n")


def test_a_zone_that_is_not_known_is_refused_with_the_nearest(tmp_path):
    """One message."""
    with pytest.raises(gs.ScenarioError, match="did you mean America/New_York"):
        fitted(tmp_path, table(days(5)), timezone="America/NewYork")


@pytest.mark.parametrize("summer", [False, True])
def test_offsets_that_differ_between_columns_are_compared_as_instants(tmp_path, summer):
    """From 09:00-05:00 to 14:00Z of the next day are 24 hours, also where the first column has two offsets."""
    moments = pd.date_range("2024-02-20 14:00", periods=40, tz="UTC")
    local = moments.tz_convert("America/New_York") if summer else moments.tz_convert("Etc/GMT+5")
    due = (moments + pd.Timedelta(hours=24)).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = "opened,due,type,place\n"
    text += "".join(f"{a.isoformat()},{b},a,x\n" for a, b in zip(local, due, strict=True))
    problem = fitted(tmp_path, text, {**PLAIN, "limit": "due"}).scenario.problems[0]
    assert problem.limit_hours == pytest.approx(24.0)


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%Y/%m/%d", "%Y-%m-%d 00:00:00", "%Y-%m-%dT00:00:00Z"])
def test_dates_without_hours_get_hours_of_the_day(tmp_path, form):
    """Assumed and said; never everything at midnight, and no day is moved by a time zone."""
    found = fitted(tmp_path, table(days(300, form)), timezone="America/New_York")
    hours = np.array([time.hour for time in opened(found)])
    assert said(found, "daytime hours are assumed")
    assert (hours == 0).mean() < 0.05
    assert ((hours >= 7) & (hours < 20)).mean() > 0.75
    assert opened(found)[0].date() == pd.Timestamp("2024-01-01").date()
    profile = np.array(found.scenario.problems[0].profile).reshape(7, 24)
    assert profile[:, 9:12].mean() > 5 * profile[:, 0:5].mean()


def test_some_dates_without_hours_take_the_hours_of_the_others(tmp_path):
    """A third of the requests were entered with their day only."""
    times = [time if k % 3 else time[:10] for k, time in enumerate(days(300, step=24.0))]
    found = fitted(tmp_path, table(times))
    assert {time.hour for time in opened(found)} == {8}
    assert said(found, "100 requests have a day and no hour")


def test_three_on_one_wednesday_are_three_a_day(tmp_path):
    """Hours that were not observed are unknown, not zero."""
    text = HEAD + "".join(f"{k},2023-10-11 {9 + k:02}:00:00,a,x\n" for k in range(3))
    found = fitted(tmp_path, text)
    assert rate(found) == pytest.approx(3.0)
    profile = np.array(found.scenario.problems[0].profile).reshape(7, 24)
    assert profile.sum(axis=1) == pytest.approx(np.full(7, 24.0), abs=0.01)
    assert said(found, "one day")


def test_twice_is_the_whole_line(tmp_path):
    """Not type, place and minute: another address is another request; with a number, it is the number."""
    text = "id,opened,type,place,address\n1,2024-01-01 09:00,noise,N,1 Main St\n2,2024-01-01 09:00,noise,N,77 Main St\n"
    assert said(fitted(tmp_path, text), "2 of 2 rows")
    assert said(fitted(tmp_path, text + "2,2024-01-01 09:00,noise,N,77 Main St\n"), "1 left out: twice")
    assert said(fitted(tmp_path, text + "2,2024-02-01 09:00,lamp,S,\n", {**PLAIN, "id": "id"}), "1 left out: twice")


@pytest.mark.parametrize(
    "point",
    ['"{0},{1}"', '"({0}, {1})"', "\"{0}; {1}\"", "{0} {1}", "POINT ({1} {0})",
     '"{{""type"": ""Point"", ""coordinates"": [{1}, {0}]}}"',
     "\"{{'latitude': '{0}', 'longitude': '{1}'}}\""],
)  # fmt: skip
def test_a_text_of_two_numbers_is_a_point(tmp_path, point):
    """In the ways in which portals write it."""
    text = "opened,type,place\n"
    text += "".join(f"{time},a,{point.format(48.8 + k / 1000, 2.3 + k / 900)}\n" for k, time in enumerate(days(300)))
    requests = read_requests(written(tmp_path, text), PLAIN)
    assert requests.by_coordinates
    assert requests.rows["latitude"].iloc[10] == pytest.approx(48.81)
    assert requests.rows["longitude"].iloc[9] == pytest.approx(2.31)


def test_coordinates_in_the_other_order_are_exchanged(tmp_path):
    """116 degrees north is nowhere."""
    text = "opened,type,X,Y\n" + "".join(f"{time},a,116.{k:03},39.9{k:03}\n" for k, time in enumerate(days(300)))
    requests = read_requests(written(tmp_path, text), {**PLAIN, "place": "X,Y"})
    assert requests.rows["latitude"].between(39, 41).all()


def test_addresses_are_no_places(tmp_path):
    """Fifteen hundred places of one request each: a sentence, and one cell."""
    text = "opened,type,place\n" + "".join(f"{time},a,{k} Main St\n" for k, time in enumerate(days(1500)))
    found = fitted(tmp_path, text)
    assert found.scenario.territory.cells == 1
    assert said(found, "The places are addresses, 1,500 different ones")


def test_a_limit_is_taken_only_where_requests_agree_and_every_type_is_told(tmp_path):
    """Planning follows no rule, lamps are due in 48 hours, noise has no limit."""
    generator = np.random.default_rng(3)
    times = pd.to_datetime(days(450))
    hours = {"planning": generator.uniform(100, 900, 450), "lamp": np.full(450, 48.0)}
    text = "opened,due,type,place\n"
    for k, time in enumerate(times):
        kind = ("planning", "lamp", "noise")[k % 3]
        due = (time + pd.Timedelta(hours=hours[kind][k])).round("s") if kind in hours else ""
        text += f"{time},{due},{kind},x\n"
    found = fitted(tmp_path, text, {**PLAIN, "limit": "due"})
    limits = {problem.type: problem.limit_hours for problem in found.scenario.problems}
    assert limits == {"planning": None, "lamp": 48.0, "noise": None}
    assert said(found, "Limit of lamp: 48 h on the clock 'calendar' (100 % agree)")
    assert said(found, "Limit of planning: none taken; the commonest fits")
    assert said(found, "Limit of noise: none taken; no request has one")


def test_limits_that_are_days_are_counted_from_the_day_of_opening(tmp_path):
    """Due ten days later, without an hour."""
    text = "opened,due,type,place\n"
    text += "".join(f"{time},{(pd.Timestamp(time) + pd.Timedelta(days=10)).date()},a,x\n" for time in days(60))
    assert fitted(tmp_path, text, {**PLAIN, "limit": "due"}).scenario.problems[0].limit_hours == 240.0


@pytest.mark.parametrize(
    "word", ["NULL", "-", "N/A", "None", "Unspecified", "未知", "(blank)", "k.A.", "Non renseigné", "なし"]
)
def test_words_for_nothing_are_no_types_and_no_places(tmp_path, word):
    """All rows still count as demand, in the shares of the others."""
    text = "opened,closed,type,place\n"
    for k, time in enumerate(days(300)):
        text += f"{time},{word},{word if k % 5 == 0 else 'lamp' if k % 4 else 'noise'},{word if k % 3 == 0 else 'ns'[k % 2]}\n"
    found = fitted(tmp_path, text, {**PLAIN, "closed": "closed"})
    assert {problem.type for problem in found.scenario.problems} == {"lamp", "noise"}
    assert found.scenario.territory.cell_names == ("n", "s")
    assert len(found.records) == 300
    assert rate(found) == pytest.approx(300 / (300 * 7.25 / 24), rel=0.03)
    assert said(found, "60 without a type")
    assert said(found, "100 without a place")


def test_title_rows_and_blanks_around_names_are_found(tmp_path):
    """What was skipped is said."""
    text = (
        '"Requests, January\nto March"\nprinted 2024-04-01\n\n id , opened,type ,place\n'
        + table(days(300)).split("\n", 1)[1]
    )
    found = fitted(tmp_path, text)
    assert said(found, "300 of 300 rows")
    assert said(found, "header was found in line 5")


@pytest.mark.parametrize(
    ("encoding", "separator", "types", "shown"),
    [
        ("utf-8-sig", ";", ("Müll", "Straße"), "UTF-8"),
        ("utf-16", "\t", ("垃圾", "路灯"), "UTF-16"),
        ("utf-16-le", "\t", ("Müll", "Straße"), "UTF-16"),
        ("gb18030", ",", ("市容环境", "街面秩序"), "GB18030"),
        ("cp932", ",", ("公園の照明", "道路の穴"), "Shift JIS"),
        ("big5", "|", ("交通號誌異常", "路燈不亮"), "Big5"),
        ("cp949", ",", ("가로등 고장", "도로 파손"), "cp949"),
        ("cp1252", ";", ("Müll in Grünanlagen", "Straßenschäden"), "Windows-1252"),
        ("cp1252", ";", ("señal de tráfico", "baño público"), "Windows-1252"),
        ("cp1250", ";", ("veřejné osvětlení", "přeplněný koš"), "Windows-1250"),
        ("cp1251", ";", ("мусор во дворе", "освещение улицы"), "Windows-1251"),
    ],
)
def test_encoding_and_separator_are_recognised_and_named(tmp_path, encoding, separator, types, shown):
    """Also where the first letters beyond ASCII come late in a large file."""
    for early in (0, 9000):
        text = separator.join(("id", "opened", "type", "place")) + "\n"
        for k, time in enumerate(days(early + 300, step=0.5)):
            text += separator.join((str(k), time, types[k % 2] if k >= early else "plain" + " x" * 30, "here")) + "\n"
        requests = read_requests(written(tmp_path, text, encoding=encoding), PLAIN)
        assert set(types) <= set(requests.rows["type"])
        assert f"encoding {shown}" in requests.recognised[0]


def test_one_damaged_letter_leaves_a_file_readable(tmp_path):
    """Among a thousand that are right."""
    content = (table(days(300)).replace(",x\n", ",Köln\n")).encode() + b"301,2024-05-01 09:00:00,a,D\xfcren\n"
    requests = read_requests(written(tmp_path, content), PLAIN)
    assert (requests.rows["place"] == "Köln").sum() == 100
    assert "damaged" in requests.recognised[0]


DATES = [
    "%Y年%m月%d日 %H:%M", "%Y年%m月%d日 %H时%M分", "%Y年%m月%d日%H時%M分", "%Y年%m月%d日 %H点%M分%S秒",
    "%Y년 %m월 %d일 %H시 %M분", "%Y%m%d%H%M%S", "%Y%m%d %H%M", "%Y%m%dT%H%M%S", "%Y.%m.%d %H:%M",
    "%Y/%m/%d %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%y %H:%M", "%d-%m-%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M%p", "%m/%d/%y %H:%M", "%b %d, %Y %I:%M %p", "%B %d %Y %H:%M", "%d-%b-%Y %H:%M",
    "%d %B %Y, %H:%M", "%a, %d %b %Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S.123", "%d/%m/%Y, %H:%M",
    "%Y-%m-%d %H:%M:%S EST",
]  # fmt: skip


@pytest.mark.parametrize("form", DATES)
def test_dates_are_read_as_they_are_written(tmp_path, form):
    """Three hundred of them, over three months."""
    requests = read_requests(written(tmp_path, table(days(300, form))), PLAIN)
    assert requests.rows["opened"].dt.strftime("%Y-%m-%d %H:%M").tolist() == days(300, "%Y-%m-%d %H:%M")


@pytest.mark.parametrize("unit", ["s", "ms", "serial", "serial with comma", "minguo", "halves of the day", "reiwa"])
def test_dates_in_numbers_and_other_calendars_are_read(tmp_path, unit):
    """Seconds since 1970, days of a spreadsheet, years of the Republic of China, 上午 and 下午."""
    times = pd.to_datetime(days(300))
    seconds = [int(time.timestamp()) for time in times]
    written_as = {
        "s": [str(one) for one in seconds],
        "ms": [str(1000 * one) for one in seconds],
        "serial": [f"{one / 86400 + 25569:.8f}" for one in seconds],
        "serial with comma": [f"{one / 86400 + 25569:.8f}".replace(".", ",") for one in seconds],
        "minguo": [f"{time.year - 1911}/{time:%m/%d %H:%M:%S}" for time in times],
        "halves of the day": [
            f"{time:%Y年%m月%d日} {'上午' if time.hour < 12 else '下午'}{time:%I:%M}" for time in times
        ],
        "reiwa": [f"令和{time.year - 2018}年{time:%m月%d日 %H時%M分}" for time in times],
    }[unit]
    requests = read_requests(written(tmp_path, table(written_as)), PLAIN)
    assert requests.rows["opened"].dt.round("min").tolist() == times.tolist()


def test_dates_that_cannot_be_known_are_refused_with_the_format_to_give(tmp_path):
    """Days of up to twelve; the format, the words, or another column says it."""
    text = "opened,due,type,place\n" + "".join(f"0{k}/02/24 08:30,{12 + k}/02/24 08:30,a,x\n" for k in range(1, 10))
    file = written(tmp_path, text)
    with pytest.raises(gs.ScenarioError, match=r"--date-format '%d/%m/%y %H:%M' or '%m/%d/%y %H:%M'"):
        read_requests(file, PLAIN)
    for options in ({"date_format": "%d/%m/%y %H:%M"}, {"dates": "day first"}):
        assert set(read_requests(file, PLAIN, **options).rows["opened"].dt.month) == {2}
    assert set(read_requests(file, {**PLAIN, "limit": "due"}).rows["opened"].dt.month) == {2}
    for form in ("%d.%m.%Y", "%Q"):
        with pytest.raises(gs.ScenarioError, match="format"):
            read_requests(file, PLAIN, date_format=form)


def frame(count=300):
    generator = np.random.default_rng(5)
    return pd.DataFrame({
        "service_request_id": np.arange(count), "requested_datetime": pd.to_datetime(days(count)),
        "service_name": np.where(np.arange(count) % 7 == 0, None, np.where(np.arange(count) % 2, "Pothole", "Graffiti")),
        "lat": np.where(np.arange(count) % 10 == 0, np.nan, 43.6 + generator.uniform(0, 0.1, count)),
        "long": np.where(np.arange(count) % 10 == 0, np.nan, -79.4 + generator.uniform(0, 0.1, count)),
    })  # fmt: skip


OPEN311 = {"opened": "requested_datetime", "type": "service_name", "place": "lat,long", "id": "service_request_id"}


@pytest.mark.parametrize(
    "form", ["array", "wrapped", "lines", "geojson", "xlsx", "xlsx with title", "parquet", "parquet with zone"]
)
def test_json_workbooks_and_parquet_give_the_same_rows(tmp_path, form):
    """Missing types and places, categories and time zones included."""
    rows = frame()
    objects = json.loads(rows.to_json(orient="records", date_format="iso"))
    file = (
        tmp_path
        / {"a": "r.json", "w": "r.json", "l": "r.jsonl", "g": "r.geojson", "x": "r.xlsx", "p": "r.parquet"}[form[0]]
    )
    options = {}
    if form == "lines":
        file.write_text("\n".join(map(json.dumps, objects)), encoding="utf-8")
    elif form == "geojson":
        file.write_text(
            json.dumps(
                {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": o} for o in objects]}
            )
        )
    elif form in ("array", "wrapped"):
        file.write_text(json.dumps(objects if form == "array" else {"service_requests": objects}), encoding="utf-8")
    elif form.startswith("xlsx"):
        rows.to_excel(file, index=False, startrow=2 if "title" in form else 0)
    else:
        pytest.importorskip("pyarrow")
        rows["service_name"] = rows["service_name"].astype("category")
        if "zone" in form:
            rows["requested_datetime"] = (
                rows["requested_datetime"].dt.tz_localize("America/Toronto").dt.tz_convert("UTC")
            )
            options = {"timezone": "America/Toronto"}
        rows.to_parquet(file)
    requests = read_requests(file, OPEN311, **options)
    assert len(requests.rows) == requests.found == 300
    assert requests.rows["opened"].tolist() == frame()["requested_datetime"].tolist()
    assert (~requests.rows["type_known"]).sum() == 43
    assert (~requests.rows["place_known"]).sum() == 30
    assert set(requests.rows.loc[requests.rows["type_known"], "type"]) == {"Pothole", "Graffiti"}


def test_days_without_hours_do_not_tell_two_requests_apart(tmp_path):
    """Two of one type on one day in one place are two, unless the line says more that is the same too."""
    text = "opened,type,place\n" + "2024-01-01,a,x\n" * 2 + "2024-01-02,a,x\n"
    found = fitted(tmp_path, text)
    assert said(found, "3 of 3 rows")
    assert said(found, "1 have a day and no hour, and are like another line")
    assert said(
        fitted(tmp_path, text.replace(",x", ",x,1 Main St").replace("place", "place,address")), "1 left out: twice"
    )


def test_rows_are_left_out_by_column_and_value(tmp_path):
    """Several times; a value that no row has is refused with the nearest."""
    text = "opened,type,place,Is Duplicate? (1/0),状态\n"
    text += "".join(
        f"{time},a,x,{int(k % 10 == 0)},{'作废' if k % 10 == 1 else '结案'}\n" for k, time in enumerate(days(300))
    )
    file = written(tmp_path, text)
    for given in (["Is Duplicate? (1/0)=1", "状态=作废"], {"Is Duplicate? (1/0)": "1", "状态": ["作废"]}):
        requests = read_requests(file, PLAIN, leave_out=given)
        assert len(requests.rows) == 240
        assert "30 left out: 状态 = 作废" in requests.said
    with pytest.raises(gs.ScenarioError, match="no row has 状态 = '作發'"):
        read_requests(file, PLAIN, leave_out={"状态": "作發"})
    with pytest.raises(gs.ScenarioError, match="there is no column 'Status'"):
        read_requests(file, PLAIN, leave_out=["Status=x"])


@pytest.mark.parametrize(
    ("source", "others"),
    [
        ("网格员上报", ("12345热线", "微信公众号")),
        ("職員パトロール", ("電話", "アプリ")),
        ("Mitarbeiter", ("App", "Telefon")),
        ("City Worker App", ("Web", "Phone")),
    ],
)
def test_words_for_staff_mark_what_staff_found(tmp_path, source, others):
    """In several languages; where no source names staff, --found-by is asked for."""

    def text(names):
        return "opened,type,place,source\n" + "".join(f"{t},a,x,{names[k % 3]}\n" for k, t in enumerate(days(300)))

    columns = {**PLAIN, "source": "source"}
    found = fitted(tmp_path, text((source, *others)), columns)
    assert found.scenario.problems[0].hidden == pytest.approx(1 / 3, abs=0.001)
    assert said(found, source)
    found = fitted(tmp_path, text(("Web", *others)), columns)
    assert found.scenario.problems[0].hidden == 0.0
    assert said(found, "--found-by")
    assert fitted(tmp_path, text(("Web", *others)), columns, found_by=[others[0]]).scenario.problems[0].hidden > 0.3


def test_the_command_takes_zones_formats_and_names_with_commas(tmp_path):
    """And prints what was recognised before what was assumed."""
    text = '"Created, local",Event of request,"Area, name",Status\n'
    text += "".join(
        f"{time}+00,{'ab'[k % 2]},{'xyz'[k % 3]},{'ok' if k % 5 else 'Cancelled'}\n" for k, time in enumerate(days(300))
    )
    file, out = written(tmp_path, text), tmp_path / "fitted.toml"
    for mapped in ('opened="Created, local",type=Event of request,place="Area, name"',
                   "opened=Created, local,type=Event of request,place=Area, name"):  # fmt: skip
        done = CliRunner().invoke(app, ["fit", str(file), "--map", mapped, "--out", str(out), "--timezone", "America/New_York",
                                        "--date-format", "%Y-%m-%d %H:%M:%S", "--leave-out", "Status=Cancelled"])  # fmt: skip
        assert done.exit_code == 0, done.output
        notes = [
            "240 of 300 rows used",
            "encoding UTF-8, separator comma",
            "converted to America/New_York",
            "Work times cannot",
        ]
        assert [done.output.index(note) for note in notes] == sorted(done.output.index(note) for note in notes)
    assert gs.load(out).territory.cells == 3


def test_lines_with_too_many_cells_and_a_cut_end_are_counted(tmp_path):
    """The rest is read."""
    text = table(days(300)) + "300,2024-05-01 09:00,a,x,more,cells\n" + '301,2024-05-01 09:00,a,"cut'
    requests = read_requests(written(tmp_path, text), PLAIN)
    assert len(requests.rows) == 300
    assert requests.found == 302


def test_a_quotation_mark_that_is_never_closed_is_a_letter(tmp_path):
    """An inch in a table with tabs does not swallow the rest of the file."""
    text = table(days(300), "\t").replace('"', "").replace("\ta\tx\n", '\t"a\tx\n', 1)
    assert len(read_requests(written(tmp_path, text), PLAIN).rows) == 300


def test_what_is_no_file_is_refused(tmp_path):
    """A folder, nothing, a device."""
    for path in (tmp_path, tmp_path / "none.csv", Path("/dev/null")):
        with pytest.raises(gs.ScenarioError):
            read_requests(path, PLAIN)


def test_a_column_without_any_type_or_place_still_counts(tmp_path):
    """One type, one place, and it is said."""
    buffer = io.StringIO()
    pd.DataFrame({"opened": days(300), "type": "NULL", "place": ""}).to_csv(buffer, index=False)
    found = fitted(tmp_path, buffer.getvalue() + "2024-05-01 09:00:00,NULL,\n")
    assert len(found.scenario.problems) == found.scenario.territory.cells == 1
    assert said(found, "No row names a type")
    assert said(found, "No row names a place")


def zipped(tmp_path, files, name="export.zip"):
    made = tmp_path / name
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for inner, content in files.items():
            archive.writestr(inner, content)
    return made


@pytest.mark.parametrize("beside", [{}, {"readme.txt": "About", "__MACOSX/._requests.csv": "x"}])
def test_a_zip_archive_of_one_table_is_read(tmp_path, beside):
    file = zipped(tmp_path, {"folder/requests.csv": table(days(40), ";").encode("utf-16"), **beside})
    found = gs.fit(file, PLAIN)
    assert len(found.records) == 40
    assert said(found, "encoding UTF-16, separator semicolon, zip.")


def test_json_in_a_zip_archive_is_read(tmp_path):
    rows = [{"opened": time, "type": "a", "place": "x"} for time in days(5)]
    assert len(gs.fit(zipped(tmp_path, {"requests": json.dumps(rows)}), PLAIN).records) == 5


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.csv": "x", "b.csv": "x"}, "holds 2 files (a.csv, b.csv); unpack it and name one"),
        ({"a.pdf": "x", "b.txt": "x"}, "holds 2 files (a.pdf, b.txt)"),
        ({"a.xlsx": "PK\x03\x04"}, "holds a.xlsx, which is no text; unpack it first"),
        ({"folder/": ""}, "is an archive without a file"),
    ],
)
def test_another_zip_archive_is_refused_with_what_to_do(tmp_path, files, words):
    file = zipped(tmp_path, files)
    with pytest.raises(gs.ScenarioError, match=re.escape(words)):
        gs.fit(file, PLAIN)


def test_a_damaged_zip_archive_is_one_sentence(tmp_path):
    file = zipped(tmp_path, {"requests.csv": table(days(400))})
    content = bytearray(file.read_bytes())
    file.write_bytes(content[: len(content) // 2])
    with pytest.raises(gs.ScenarioError, match="is cut off or damaged"):
        gs.fit(file, PLAIN)
    content[200:260] = bytes(60)
    file.write_bytes(content)
    with pytest.raises(gs.ScenarioError, match="is cut off or damaged"):
        gs.fit(file, PLAIN)


def test_a_request_years_from_all_others_is_named_and_how_to_leave_it_out(tmp_path):
    """A mistyped year makes a run of seventy-five years; the sentence's own words leave it out."""
    times = [*days(300), "2099-12-31 10:00:00"]
    found = fitted(tmp_path, table(times))
    assert found.scenario.run.days > 27_000
    note = next(one for one in found.notes if "stretches the run" in one)
    assert "The request of 2099-12-31 10:00:00 lies 75 years after the others" in note
    option = re.search(r'--leave-out "(.*)"', note)
    without = fitted(tmp_path, table(times), leave_out=[option[1]])
    assert without.scenario.run.days < 100
    assert not said(without, "stretches the run")


def test_a_few_early_requests_are_counted_and_two_long_periods_are_no_mistake(tmp_path):
    early = days(5, start="2019-01-01 09:00", step=25.0)
    assert sum("4 years before" in note for note in fitted(tmp_path, table([*early, *days(600)])).notes) == 3
    assert said(fitted(tmp_path, table([*early, *days(600)])), "2 more requests lie as far from the others")
    assert not said(fitted(tmp_path, table([*days(60, start="2019-01-01 09:00"), *days(600)])), "stretches the run")
    assert not said(fitted(tmp_path, table(["2019-01-01 09:00:00", "2024-01-01 09:00:00"])), "stretches the run")
