"""How the letters of a text file are written down: UTF-8, UTF-16, or one of the older ways of a country."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Any

from ...scenario.errors import ScenarioError, nearest
from ...scenario.given import shown

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
OLDER = [
    "gb18030",
    "cp932",
    "big5hkscs",
    "cp949",
    "euc_jp",
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "koi8_r",
    "cp866",
    "tis_620",
]
SHOWN = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-32": "UTF-32",
    "cp1252": "Windows-1252", "cp1250": "Windows-1250", "cp1251": "Windows-1251", "gb18030": "GB18030",
    "cp932": "Shift JIS (cp932)", "big5hkscs": "Big5",
}  # fmt: skip
SHIFTS = re.compile(rb"\x1b\$[@B]")  # to Japanese letters, in the way of old mail
EASTERN, WESTERN = "řěůłążźćśőűťďľ", "ñãõêèàœ¿¡å"  # letters of Central Europe, and of the West, that one byte may mean
CHINESE = "区街道路市县镇村社公园环境垃圾车停占经营设施管理水电灯面东西南北中大小人民新城口门山河淀阳安宣传其他市容"
KOREAN = "이가구동로시도장리사고은대기주소지하수정청신전민원공교통차환경음폐물불법보인남북서강등파손"  # letters of such texts
EVIDENCE = 400_000  # bytes of lines with letters beyond ASCII from which the way is told
PAIRED = 0.95  # share of runs of high bytes that are whole pairs; in one-byte writing a half are
KANA, HANGUL = (
    0.05,
    0.97,
)  # share of letters in the rows of Japanese syllables, and of Korean ones (Chinese text: a half)
WELL_FORMED = 10  # UTF-8 letters for each damaged one from which a file is UTF-8 with damage


@dataclass(frozen=True)
class Encoding:
    """The way in which a file's letters are written.

    Parameters
    ----------
    name
        As Python calls it.
    damaged
        Whether single letters cannot be read and are replaced.
    given
        Whether a planner says so.
    """

    name: str
    damaged: bool = False
    given: bool = False

    @property
    def said(self) -> str:
        """Its name as a planner meets it elsewhere."""
        return SHOWN.get(self.name, self.name) + (", some letters damaged" if self.damaged else "")


def encoding_named(name: Any) -> Encoding | None:
    """The way of a name that a planner gives; None: it is told from the letters.

    Raises
    ------
    ScenarioError
        If there is none of that name.
    """
    if name is None:
        return None
    try:
        found = codecs.lookup(name)
        "".encode(found.name)  # hex and gzip are no ways to write letters
    except (LookupError, TypeError, ValueError):
        known = [*OLDER, *SHOWN, "iso8859_1", "iso2022_jp", "mac_roman", "cp850", "latin_1"]
        raise ScenarioError(f"encoding = {shown(name)}: is not known; allowed are names such as cp1251, gb18030, utf-8"
                            f"{nearest(str(name), dict.fromkeys(known))}") from None  # fmt: skip
    return Encoding(found.name, given=True)


def encoding_of(content: bytes, whole: bool) -> Encoding:
    """Tell how a text is encoded.

    Parameters
    ----------
    content
        The beginning of the file, or all of it.
    whole
        Whether it is all of it: a letter may be cut at the end of a beginning.
    """
    for mark, name in MARKS:
        if content.startswith(mark):
            return Encoding(name)
    if wide := _two_bytes_a_letter(content):
        return Encoding(wide)
    if content.isascii() and SHIFTS.search(content):
        return Encoding("iso2022_jp")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(content, final=whole)
        return Encoding("utf-8")
    except UnicodeDecodeError:
        return _older(content)


def _two_bytes_a_letter(content: bytes) -> str:
    """UTF-16 without a mark: every second byte of plain letters is zero."""
    sample = content[:4000]
    odd, even = sample[1::2].count(0), sample[::2].count(0)
    if max(odd, even) < 0.3 * len(sample) / 2 or min(odd, even) > 0.05 * len(sample):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _older(content: bytes) -> Encoding:
    from charset_normalizer import from_bytes

    lines = [line for line in content.splitlines() if not line.isascii()]
    evidence = b"\n".join(lines)[:EVIDENCE]
    letters = evidence.decode("utf-8", errors="replace")
    damaged = letters.count("\ufffd")
    if sum(not letter.isascii() for letter in letters) - damaged > WELL_FORMED * damaged:
        return Encoding("utf-8", damaged=True)
    if eastern := _pairs_of_bytes(evidence):
        return Encoding(eastern)
    best = from_bytes(evidence, cp_isolation=OLDER).best()
    if best is None:
        return Encoding("cp1252", damaged=True)
    return Encoding(_western(evidence) if best.encoding in ("cp1250", "cp1252") else best.encoding)


def _western(evidence: bytes) -> str:
    """Of two ways that differ in a few letters: the one in whose languages the letters are common."""
    east = sum(letter in EASTERN for letter in evidence.decode("cp1250", errors="replace").casefold())
    west = sum(letter in WESTERN for letter in evidence.decode("cp1252", errors="replace").casefold())
    return "cp1250" if east > west else "cp1252"


def _common(evidence: bytes, name: str, letters: str) -> int:
    return sum(letter in letters for letter in evidence.decode(name, errors="replace"))


def _pairs_of_bytes(evidence: bytes) -> str:
    """Chinese, Japanese or Korean letters of two high bytes each; which of them is told by the rows of the tables; empty: none.

    Guessing by how text looks fails where a column holds the same few words; that letters come in pairs does not.
    """
    runs = re.findall(rb"[\x80-\xff]+", evidence)
    pairs = [run for run in runs if len(run) % 2 == 0 and min(run) >= 0xA1]
    if not runs or len(pairs) < PAIRED * len(runs):
        return ""
    leads = [lead for run in pairs for lead in run[::2]]

    def share(low: int, high: int) -> float:
        return len([lead for lead in leads if low <= lead <= high]) / len(leads)

    found = "euc_jp" if share(0xA4, 0xA5) > KANA else "gb18030"
    if found == "gb18030" and share(0xB0, 0xC8) > HANGUL:  # a few Chinese words may lie there by chance
        korean, chinese = (
            _common(evidence, name, letters) for name, letters in (("cp949", KOREAN), ("gb18030", CHINESE))
        )
        found = "cp949" if korean >= chinese else found
    common = share(0xA1, 0xA5) + share(0xB0, 0xD7)
    try:
        evidence.decode(found)
    except UnicodeDecodeError:
        return ""
    return found if common > PAIRED - 0.15 else ""
