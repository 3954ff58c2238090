"""Words that say nothing, and words that name staff, in the languages in which requests are written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

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
    "belirtilmemiş", "neznámé", "ismeretlen",
})  # fmt: skip
STAFF = (
    "employee", "worker", "staff", "patrol", "inspector", "crew", "ranger", "warden", "网格", "巡查", "巡逻", "巡检",
    "巡视", "采集员", "监督员", "信息员", "城管", "员工", "工作人员", "自查", "自行发现", "主动发现", "执法", "網格",
    "巡邏", "巡檢", "巡視", "稽查", "員工", "工作人員", "自行發現", "主動發現", "職員", "パトロール", "巡回", "직원",
    "순찰", "공무원", "mitarbeiter", "außendienst", "streife", "ordnungsamt", "bauhof", "medewerker",
    "toezichthouder", "handhaver", "employé", "agent municipal", "agents municipaux", "agent de la ville",
    "patrouille", "inspecteur", "brigade", "empleado", "inspecc", "patrulla", "cuadrilla", "funcionario",
    "funcionário", "patrulha", "servidor municipal", "dipendente", "pattuglia", "ispettore", "сотрудник", "патрул",
    "инспектор", "работник", "pracownik", "anställd", "ansatt", "personel", "zabıta",
)  # fmt: skip


def says_nothing(texts: pd.Series[str]) -> NDArray[np.bool_]:
    """Which texts are empty or a word for nothing, such as NULL, N/A, Unspecified or 未知."""
    import pandas as pd

    codes, names = pd.factorize(texts)
    empty = np.array([str(name).strip().casefold() in NO_VALUE for name in names], dtype=bool)
    return np.asarray(empty[codes] if len(names) else np.zeros(len(texts), bool))


def names_staff(text: str) -> bool:
    """Whether a source says that people of the service found the problem themselves."""
    return any(word in text.casefold() for word in STAFF)
