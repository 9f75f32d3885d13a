"""The catalogs against the source: what is missing, what is left over, what does not fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.i18n import DOMAIN, LOCALES, LOCALES_DIR
from bot.services.problems import Problem

PACKAGE = Path(__file__).resolve().parent
KEYWORDS = {"_": None, "ngettext": (1, 2)}
# A comma for Latin letters after a Chinese character reads as a slip of the keyboard.
_LATIN_MARK = re.compile(r"[\u4e00-\u9fff][,:;?!]")
_LATIN_BRACKET = re.compile(r"[\u4e00-\u9fff] ?[()]|[()][\u4e00-\u9fff]")
# A number and its unit stand apart: 3 分钟, {n} 人. Not so dates and times (4月20日, 9点), 第3轮, and <7天.
_UNITS = "积分|分钟|小时|公里|天|周|分|份|米|人|元|个|次|条|件|题|课|节|张|位"
_NUMBER = r"(?:[0-9]+|{\w+})"
_TIGHT_UNIT = re.compile(rf"(?<![<第0-9]){_NUMBER}(?:{_UNITS})|(?!第)[\u4e00-\u9fff]{_NUMBER} (?:{_UNITS})")
# What people may type stands in quotes, as they type it.
_QUOTED = re.compile(r"“[^”]*”")
_PLACEHOLDER = re.compile(r"{(\w*)[^}]*}")


def po_file(locale: str) -> Path:
    """Where a locale's catalog stands."""
    return LOCALES_DIR / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def extract() -> Catalog:
    """Every string of the source that people see."""
    template = Catalog(project=DOMAIN, charset="utf-8")
    found = extract_from_dir(PACKAGE, method_map=[("**.py", "python")], keywords=KEYWORDS)
    for name, line, message, _comments, _context in found:
        template.add(message, locations=[(f"bot/{name}", line)])
    return template


def update() -> None:
    """Bring new strings of the source into every catalog; English is its own translation."""
    template = extract()
    for locale in LOCALES:
        path = po_file(locale)
        catalog = _read(path, locale) if path.exists() else Catalog(locale=locale, project=DOMAIN)
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        if locale == "en":
            _speak_for_itself(catalog)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            # Line numbers would change every catalog at every commit.
            write_po(file, catalog, width=110, omit_header=False, no_location=True, sort_output=True)


def problems() -> Iterator[Problem]:
    """All that is wrong with the catalogs, as file, line and what to do."""
    template = extract()
    for locale in LOCALES:
        path = po_file(locale)
        if not path.exists():
            yield Problem(str(path), 1, "the catalog is missing: run 'make messages'")
            continue
        yield from _problems_of(_read(path, locale), template, str(path))


def slip(text: str) -> str | None:
    """What reads wrong in a Chinese text, and what to do; None where nothing does."""
    ours = _QUOTED.sub("", text)
    if _LATIN_MARK.search(text) or _LATIN_BRACKET.search(ours):
        return "use Chinese punctuation after Chinese characters"
    if _TIGHT_UNIT.search(ours):
        return "put a space between a number and its unit"
    return None


def _read(path: Path, locale: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=locale, domain=DOMAIN)


def _speak_for_itself(catalog: Catalog) -> None:
    for message in catalog:
        if message.id and not _is_whole(message):
            message.string = message.id


def _problems_of(catalog: Catalog, template: Catalog, file: str) -> Iterator[Problem]:
    is_chinese = str(catalog.locale).startswith("zh")
    for wanted in template:
        if not wanted.id:
            continue
        message = catalog.get(wanted.id)
        shown = wanted.id if isinstance(wanted.id, str) else wanted.id[0]
        if message is None:
            yield Problem(file, 1, f"{shown!r} is missing: run 'make messages' and translate it")
        elif not _is_whole(message):
            yield Problem(file, message.lineno or 1, f"{shown!r} has no translation: write one")
        elif not _same_placeholders(message):
            yield Problem(
                file, message.lineno or 1, f"{shown!r}: use the same {{placeholders}} as the source"
            )
        else:
            slips = filter(None, map(slip, _forms(message.string))) if is_chinese else ()
            yield from (Problem(file, message.lineno or 1, f"{shown!r}: {what}") for what in slips)
    for message in catalog:
        if message.id and template.get(message.id) is None:
            yield Problem(file, message.lineno or 1, f"{message.id!r} is used nowhere: run 'make messages'")


def _is_whole(message: Message) -> bool:
    forms = _forms(message.string)
    return bool(forms) and all(forms)


def _forms(strings: str | Iterable[str] | None) -> list[str]:
    return [strings] if isinstance(strings, str) else list(strings or ())


def _same_placeholders(message: Message) -> bool:
    forms = _forms(message.string)
    wanted = set(_PLACEHOLDER.findall(_forms(message.id)[-1]))
    return all(set(_PLACEHOLDER.findall(form)) <= wanted for form in forms) and any(
        set(_PLACEHOLDER.findall(form)) == wanted for form in forms
    )
