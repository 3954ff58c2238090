"""Words that say nothing, and words that name staff, in the languages in which requests are written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..reading.headers import folded

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

NO_VALUE = frozenset({
    "", "-", "--", "---", "—", "–", ".", "?", "*", "null", "(null)", "<null>", "[null]", "\\n", "nil", "none",
    "(none)", "nan", "nat", "<na>", "na", "n/a", "n.a.", "n.a", "#n/a", "#na", "#value!", "#ref!", "(blank)", "blank",
    "(empty)", "empty", "unspecified", "0 unspecified", "not specified", "unknown", "not known", "undefined",
    "not available", "not applicable", "not assigned", "unassigned", "missing", "no data", "no value", "not provided",
    "not recorded", "to be determined", "tbd", "tba", "未知", "无", "空", "暂无", "未填", "未填写", "不详", "不明",
    "未指定", "未分类", "无数据", "未登记", "無", "未填寫", "不詳", "未分類", "無資料", "なし", "未設定", "未入力",
    "不明な", "없음", "미상", "미지정", "알수없음", "알 수 없음", "unbekannt", "keine angabe", "k.a.", "k. a.", "k.a",
    "ohne angabe", "nicht angegeben", "leer", "onbekend", "geen", "niet ingevuld", "inconnu", "inconnue",
    "non renseigné", "non renseignée", "non précisé", "aucun", "aucune", "sans objet", "n/d", "nd", "s/o",
    "desconocido", "desconocida", "sin especificar", "no especificado", "sin dato", "sin datos", "no disponible",
    "ninguno", "ninguna", "s/d", "desconhecido", "não informado", "nao informado", "não especificado",
    "sem informação", "sconosciuto", "non specificato", "non disponibile", "nessuno", "неизвестно", "не указано",
    "не указан", "нет", "нет данных", "okänd", "ukjent", "ukendt", "nieznany", "brak", "brak danych", "bilinmiyor",
    "belirtilmemiş", "neznámé", "ismeretlen", "#null!", "-1", "-9", "-99", "-999", "-9999",
    "#name?", "#div/0!", "not stated", "not given", "none given",
    "not entered", "not set", "no location", "unknown location", "location unknown", "unknown address", "tbc", "unk",
    "null island", "无法确定", "未知地点", "不确定", "不清楚", "空白", "資料なし", "該当なし", "情報なし", "無し", "미확인",
    "해당없음", "정보없음", "unbek", "keine", "keine daten", "nicht bekannt", "nicht vorhanden", "nichts", "niet bekend",
    "n.v.t", "nvt", "non connu", "non communiqué", "non disponible", "sin información", "sin informacion", "no informado",
    "no aplica", "sin asignar", "não se aplica", "nao se aplica", "não disponível", "nao informada", "não informada",
    "ignorado", "non noto", "ignoto", "н/д", "нд", "не определено", "не определен", "невідомо", "άγνωστο", "άγνωστος",
    "δ/υ", "tuntematon", "ei tiedossa", "ei tietoa", "okjent", "ikke oppgitt", "ikke angivet", "ej angivet", "saknas",
    "nie dotyczy", "nie podano", "nieznana", "neuvedeno", "neznámý", "yok", "belirsiz", "nincs", "necunoscut",
    "غير معروف", "غير محدد", "לא ידוע", "ไม่ระบุ", "ไม่ทราบ", "không rõ", "không xác định", "tidak diketahui",
})  # fmt: skip
STAFF = (
    "employee", "worker", "staff", "patrol", "inspector", "crew", "ranger", "warden", "网格", "巡查", "巡逻", "巡检", "巡防",
    "巡视", "采集员", "监督员", "信息员", "城管", "员工", "工作人员", "自查", "自行发现", "主动发现", "执法", "網格",
    "巡邏", "巡檢", "巡視", "稽查", "員工", "工作人員", "自行發現", "主動發現", "職員", "パトロール", "巡回", "직원",
    "순찰", "공무원", "mitarbeiter", "außendienst", "streife", "ordnungsamt", "bauhof", "medewerker",
    "toezichthouder", "handhaver", "employé", "agent municipal", "agents municipaux", "agent de la ville",
    "agent de terrain", "patrouille", "inspecteur", "brigade", "empleado", "inspecc", "patrulla", "cuadrilla", "funcionario",
    "funcionário", "fiscaliza", "patrulha", "servidor municipal", "dipendente", "pattuglia", "ispettore", "сотрудник", "патрул",
    "инспектор", "работник", "pracownik", "anställd", "ansatt", "personel", "zabıta",
)  # fmt: skip


def says_nothing(texts: pd.Series[str]) -> NDArray[np.bool_]:
    """Which texts are empty or a word for nothing, such as NULL, N/A, Unspecified or 未知."""
    import pandas as pd

    codes, names = pd.factorize(texts)
    empty = np.array([_is_nothing(str(name)) for name in names], dtype=bool)
    return np.asarray(empty[codes] if len(names) else np.zeros(len(texts), bool))


def _is_nothing(text: str) -> bool:
    """Also in brackets, with blanks between, and of signs only."""
    plain = folded(text).strip("\"'")
    return plain in NO_VALUE or plain.strip("()[]<>.*#?!~/ -_") in NO_VALUE or plain.replace(" ", "") in NO_VALUE


def one_spelling(texts: pd.Series[str]) -> pd.Series[str]:
    """Write what differs only in upper case, blanks or wide letters as most rows write it: North, NORTH and north."""
    import pandas as pd

    codes, names = pd.factorize(texts)
    counts = np.bincount(codes, minlength=len(names))
    plain = [folded(str(name)) for name in names]
    best: dict[str, int] = {}
    for number, name in enumerate(plain):
        if name not in best or counts[number] > counts[best[name]]:
            best[name] = number
    spelled = np.array([" ".join(str(names[best[name]]).split()) for name in plain], dtype=object)
    return pd.Series(spelled[codes] if len(names) else [], index=texts.index, dtype=texts.dtype)


def names_staff(text: str) -> bool:
    """Whether a source says that people of the service found the problem themselves."""
    return any(word in text.casefold() for word in STAFF)
