"""Dates as they are written in many languages, brought to figures: 2024年3月1日 6时14分, Jan 01 2024, 112/05/01."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MONTHS = (
    ("jan", "ene", "janv", "gen", "янв"), ("feb", "fév", "fev", "fevr", "févr", "фев"), ("mar", "mär", "mrz", "maa", "мар"),
    ("apr", "avr", "abr", "апр"), ("may", "mai", "mei", "mag", "maj", "мая", "май"), ("jun", "juin", "giu", "июн"),
    ("jul", "juil", "lug", "июл"), ("aug", "août", "aou", "aoû", "ago", "авг"), ("sep", "set", "сен"),
    ("oct", "okt", "out", "ott", "окт"), ("nov", "ноя"), ("dec", "dez", "dic", "déc", "дек"),
)  # fmt: skip
NUMBERS = {word: number for number, words in enumerate(MONTHS, start=1) for word in words}
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
FORENOON, AFTERNOON = "上午|午前|오전|早上|凌晨", "下午|午後|오후|晚上|中午"


def plain_dates(texts: pd.Series[str]) -> pd.Series[str]:
    """Dates in figures only: date, a blank, time, and AM or PM where it is said."""
    found = texts
    if found.str.contains(r"[^\x00-\x7f]", regex=True).any():
        found = _from_asia(found.str.normalize("NFKC"))
    found = found.str.replace(r"(?<=\d)\s*T\s*(?=\d)", " ", regex=True)
    found = found.str.replace(r"(:\d{2}:\d{2})[.,]\d+", r"\1", regex=True)
    if found.str.contains(r"[^\W\d_]", regex=True).any():
        found = _from_words(found)
    found = found.str.replace(r"\s*([-/.])\s*(?=\d)", r"\1", regex=True).str.replace(r"[,\s]+", " ", regex=True)
    return found.str.strip()


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
    texts = texts.str.replace(r"([^\W\d_]{3,})\.?\s+(\d{1,2})\s*,?\s+(\d{4})\b", _month_first, regex=True)
    texts = texts.str.replace(r"\b(\d{1,2})\.?[\s-]+([^\W\d_]{3,})\.?[\s,-]+(\d{4}|\d{2})\b", _day_first, regex=True)
    texts = texts.str.replace(r"(\d{4})-([^\W\d_]{3,})-(\d{1,2})\b", _year_first, regex=True)
    return texts.str.replace(r"^[^\W\d_]{2,10}\.?,?\s+(?=\d)", "", regex=True)


def _dated(year: str, word: str, day: str, whole: str) -> str:
    month = NUMBERS.get(word.casefold()[:4]) or NUMBERS.get(word.casefold()[:3])
    full = year if len(year) == 4 else f"20{year}" if int(year) < 70 else f"19{year}"
    return f"{full}-{month}-{day}" if month else whole


def _month_first(found: re.Match[str]) -> str:
    return _dated(found[3], found[1], found[2], found[0])


def _day_first(found: re.Match[str]) -> str:
    return _dated(found[3], found[2], found[1], found[0])


def _year_first(found: re.Match[str]) -> str:
    return _dated(found[1], found[2], found[3], found[0])
