"""Dates as they are written in many languages, brought to figures: 2024年3月1日 6时14分, Jan 01 2024, 112/05/01."""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MONTHS = (
    "jan ene gen янв sty led oca ocak ιαν ιανουαρίου januar siječ sij tam",
    "feb fév fev févr fevr фев lut úno únor φεβ φεβρουαρίου febr velj şub sub hel лют",
    "mar mär mrz maa märz maart март мар marzec břez bře μαρ μαρτίου márc marec ožu mart maalis бер",
    "apr avr abr апр kwi dub nis απρ απριλίου ápr huh кві",
    "may mai mei mag maj мая май kvě μαΐ μαι μαΐου máj máju svi touko may mayıs трав",
    "jun juin giu июн cze czerwiec červn červen čvn haz ιουν ιουνίου jún júna kesä черв",
    "jul juil lug июл lipiec lip lipc červenec července červenc čvc tem ιουλ ιουλίου júl júla heinä лип",
    "aug août aou aoû ago авг sie sierpień srp srpen ağu agu αυγ αυγούστου elo серп",
    "sep set сен wrz wrzesień zář září eyl σεπ σεπτεμβρίου szept rujn syys вер",
    "oct okt out ott окт paź październik říj říjen eki οκτ οκτωβρίου loka жовт",
    "nov ноя lis listopad kas νοε νοεμβρίου marras лист",
    "dec dez dic déc дек gru grudzień pro prosinec ara aralık δεκ δεκεμβρίου joulu груд",
)
NUMBERS = {word: number for number, words in enumerate(MONTHS, start=1) for word in words.split()}
LONGEST_WORD, SHORTEST_WORD = 12, 3
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
FORENOON = r"上午|午前|오전|早上|凌晨|清晨|早晨|πμ|π\.\s?μ\.?|ص"
AFTERNOON = r"下午|午後|오후|晚上|中午|傍晚|夜里|夜間|μμ|μ\.\s?μ\.?|م"
HOUR_BEFORE = re.compile(r"^(?:(AM|PM) )?(\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)(?: (AM|PM))? (\S*\d[-/.]\S+)$")
BETWEEN = re.compile(r"(?<=\d)[\s,.]+(?!AM\b|PM\b)[^\W\d_]{1,13}(?:\. ?[^\W\d_])?[.,]?(?=\s+\d|$)")  # г., lundi, Uhr
THREE_PARTS = re.compile(r"^(\d{1,4})\s*([-/.])\s*(\d{1,2})\s*[-/.]\s*(\d{1,4})\.?(?=\D|$),?\s*")


def plain_dates(texts: pd.Series[str]) -> pd.Series[str]:
    """Dates in figures only: date, a blank, time, and AM or PM where it is said."""
    found = texts.str.replace(r"^[=\'\"]+|[\'\"]+$", "", regex=True)
    if found.str.contains(r"[^\x00-\x7f]", regex=True).any():
        found = found.str.normalize("NFKC").str.replace(r"[^\x00-\x7f]", _in_plain_figures, regex=True)
        found = _from_asia(found)
    found = found.str.replace(r"(?<=\d)\s*T\s*(?=\d)", " ", regex=True)
    found = found.str.replace(r"(:\d{2}:\d{2})[.,]\d+", r"\1", regex=True)
    found = found.str.replace(r"(\d{1,2}\.\d{2}\.\d{2})\.\d{3,9}\b", r"\1", regex=True)
    found = found.str.replace(r"(?<=[\dàá ])(\d{1,2})\s?[hH]\s?(\d{2})(?:\s?(?:m|min)?\b)?", r"\1:\2", regex=True)
    found = found.str.replace(r"^(\d{4}-\d{2}-\d{2})-(?=\d{2}\.\d{2}\.\d{2})", r"\1 ", regex=True)
    found = found.str.replace(r"(?<=\d{4}):(?=\d{1,2}:\d{2})", " ", regex=True)
    if found.str.contains(r"[^\W\d_]", regex=True).any():
        found = _from_words(found)
    found = found.str.replace(r"^(\d{4})[ _](\d{1,2})[ _](\d{1,2})(?=[ _T]|$)_?", r"\1-\2-\3 ", regex=True)
    found = (
        found.str.replace(THREE_PARTS, r"\1\2\3\2\4 ", regex=True).str.replace(r"[,\s]+", " ", regex=True).str.strip()
    )
    found = found.str.replace(HOUR_BEFORE, _day_before_hour, regex=True)
    found = found.str.replace(r"^(\S+) (AM|PM) (\d\S*)$", r"\1 \3 \2", regex=True)
    return found.str.strip()


def _day_before_hour(found: re.Match[str]) -> str:
    return f"{found[4]} {found[2]} {found[1] or found[3] or ''}"


def _in_plain_figures(found: re.Match[str]) -> str:
    """Arabic, Persian, Indian and other figures are figures; other letters stay."""
    return str(unicodedata.decimal(found[0], found[0]))


def _from_asia(texts: pd.Series[str]) -> pd.Series[str]:
    """年月日, 时分秒, halves of the day, eras and days of the week, also in Japanese and Korean."""
    for era, before in ERAS.items():
        texts = texts.str.replace(era + r"\s*(\d+|元)\s*年", partial(_of_era, before), regex=True)
    texts = texts.str.replace(r"民[国國]\s*", "", regex=True)
    texts = texts.str.replace(
        r"[(（]?(?:星期|周|週|礼拜)[一二三四五六日天][)）]?|[(（][月火水木金土日][)）]", " ", regex=True
    )
    texts = texts.str.replace(r"(\d+)\s*[年년]\s*(\d+)\s*[月월]\s*(\d+)\s*[日号號일]?", r"\1-\2-\3 ", regex=True)
    texts = texts.str.replace(r"(\d+)\s*[时時点點시]\s*(\d+)\s*[分분]\s*(\d+)\s*[秒초]", r"\1:\2:\3", regex=True)
    texts = texts.str.replace(r"(\d+)\s*[时時点點시]\s*(\d+)\s*[分분]?", r"\1:\2", regex=True)
    texts = texts.str.replace(r"(\d+)\s*[时時点點시]", r"\1:00", regex=True)
    texts = texts.str.replace(r":(\d)(?!\d)", r":0\1", regex=True)
    texts = texts.str.replace(f"^(.*?)(?:{FORENOON})(.*)$", r"\1 \2 AM", regex=True)
    return texts.str.replace(f"^(.*?)(?:{AFTERNOON})(.*)$", r"\1 \2 PM", regex=True)


def _of_era(before: int, found: re.Match[str]) -> str:
    return f"{before + (1 if found[1] == '元' else int(found[1]))}年"


def _from_words(texts: pd.Series[str]) -> pd.Series[str]:
    """Names of months become numbers, days of the week go, AM and PM stand apart."""
    texts = texts.str.replace(
        r"\s*\b([ap])\.?\s?m\b\.?", lambda m: f" {m[1].upper()}M", regex=True, flags=re.IGNORECASE
    )
    texts = texts.str.replace(r"(\d)\s*(AM|PM)\b", r"\1 \2", regex=True)
    texts = texts.str.replace(
        r"(?<=\d)(?:st|nd|rd|th)\b|\b(?:de|del|at|um|à|uhr|kl)\b\.?", "", regex=True, flags=re.IGNORECASE
    )
    texts = texts.str.replace(
        r"(:\d{2})\s+(?:[+-]\d{4}\s+)?(?!AM|PM)[A-Z]{3,5}$", r"\1", regex=True
    )  # EST: local already
    texts = texts.str.replace(r"^[A-Za-z]{3} ([A-Za-z]{3}) +(\d+) (\d+:\d+:\d+) (\d{4})$", r"\4-\1-\2 \3", regex=True)
    texts = texts.str.replace(r"^([RHS])\s?(\d{1,2})(?=\s?[./-])", _of_initial, regex=True)
    texts = texts.str.replace(r"([^\W\d_]{3,})\.?\s+(\d{1,2})\s*,?\s+(\d{4})\b", _month_first, regex=True)
    texts = texts.str.replace(r"\b(\d{1,2})\.?[\s/-]+([^\W\d_]{3,})\.?[\s,/-]+(\d{4}|\d{2})\b", _day_first, regex=True)
    texts = texts.str.replace(r"(\d{4})-([^\W\d_]{3,})-(\d{1,2})\b", _year_first, regex=True)
    texts = texts.str.replace(r"^(?!AM |PM )[^\W\d_]{2,13}\.?,?\s+(?=\d)", "", regex=True)
    return texts.str.replace(BETWEEN, " ", regex=True)


def _of_initial(found: re.Match[str]) -> str:
    """Japanese years by their letter: R6 is 2024."""
    return str({"R": 2018, "H": 1988, "S": 1925}[found[1]] + int(found[2]))


def _dated(year: str, word: str, day: str, whole: str) -> str:
    month = month_of(word)
    full = year if len(year) == 4 else f"20{year}" if int(year) < 70 else f"19{year}"
    return f"{full}-{month}-{day}" if month else whole


def month_of(word: str) -> int | None:
    """The number of a month by the longest beginning of its name that is known, in many languages."""
    plain = word.casefold().replace("i\u0307", "i")
    for size in range(min(LONGEST_WORD, len(plain)), SHORTEST_WORD - 1, -1):
        if plain[:size] in NUMBERS:
            return NUMBERS[plain[:size]]
    return None


def _month_first(found: re.Match[str]) -> str:
    return _dated(found[3], found[1], found[2], found[0])


def _day_first(found: re.Match[str]) -> str:
    return _dated(found[3], found[2], found[1], found[0])


def _year_first(found: re.Match[str]) -> str:
    return _dated(found[1], found[2], found[3], found[0])
