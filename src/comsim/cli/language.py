"""`--lang`: the languages of a report."""

from enum import StrEnum


class Language(StrEnum):
    en = "en"
    zh = "zh"
