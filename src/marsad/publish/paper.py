"""A digest on paper: plain text, Markdown, a page that opens each sentence to the words behind it, a Word document.

The same papers give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from marsad.publish.cells import RIGHT_RUN, isolate, isolate_runs, one_line
from marsad.publish.digest import Paper, Section
from marsad.publish.statements import Sentence

Row = Mapping[str, Any]
_FONT = "Arial"  # has both scripts, on every system that opens Word documents
_THE_DAY = datetime(2000, 1, 1)
_IN_ZIP = (1980, 1, 1, 0, 0, 0)
_MARKED = re.compile(r"([\\`*_\[\]<>#|])")


@cache
def _style() -> str:
    return files("marsad.publish").joinpath("digest.css").read_text("utf-8")


def text_of(papers: Iterable[Paper]) -> str:
    """Return papers as text in which no line moves its neighbours, whichever way it runs."""
    return "\n\n".join("\n".join(_safe(line, paper.lang) for line in _lines(paper)) for paper in papers) + "\n"


def _lines(paper: Paper) -> Iterator[str]:
    yield paper.title
    for section in paper.sections:
        if section.heading:
            yield from ("", section.heading)
        for part in section.parts:
            yield from ([f"{part.heading}:"] if part.heading else [])
            yield from (f"  {sentence.text}" for sentence in part.sentences)
    yield from ["", paper.foot] if paper.foot else []


def _safe(line: str, lang: str) -> str:
    if lang != "ar":
        return isolate_runs(line)
    words = line.lstrip()
    return line[: len(line) - len(words)] + isolate(words)


def markdown_of(papers: Iterable[Paper], told: Mapping[str, Row] | None = None) -> str:
    """Return papers as Markdown; where the claims are `told`, each sentence has a note with the words behind it."""
    return "\n".join(line for n, paper in enumerate(papers, 1) for line in _marked_lines(paper, told or {}, n))


def _marked_lines(paper: Paper, told: Mapping[str, Row], number: int) -> Iterator[str]:
    notes: list[str] = []
    yield from ([f'<div dir="rtl" lang="{paper.lang}">', ""] if paper.lang == "ar" else [])
    yield from (f"# {_md(paper.title, paper.lang)}", "")
    for section in paper.sections:
        yield from [f"## {_md(section.heading, paper.lang)}", ""] if section.heading else []
        for part in section.parts:
            yield from [f"### {_md(part.heading, paper.lang)}", ""] if part.heading else []
            for sentence in part.sentences:
                words = [_md(one_line(word), "") for word in _words(sentence, told)]
                mark = f"[^{number}-{len(notes) + 1}]" if words else ""
                notes += [f"{mark}: {'<br>'.join(words)}"] if words else []
                yield f"- {_md(sentence.text, paper.lang)}{mark}"
            yield ""
    yield from [_md(paper.foot, paper.lang), ""] if paper.foot else []
    yield from [*notes, ""] if notes else []
    yield from ["</div>", ""] if paper.lang == "ar" else []


def _md(words: str, lang: str) -> str:
    escaped = _MARKED.sub(r"\\\1", words)
    return isolate_runs(escaped) if lang == "en" else escaped


def _words(sentence: Sentence, told: Mapping[str, Row]) -> list[str]:
    return [f"«{row['evidence']}» — {_origin(row)}" for claim in sentence.claims if (row := told.get(claim))]


def _origin(row: Row) -> str:
    """Return who says a claim, in which report of which day."""
    names = [*row["sources"], *([row["outlet"]] if row["outlet"] else [])]
    day = row["published"] or ""
    return "، ".join(filter(None, [" < ".join(dict.fromkeys(names)), row["report"], day]))


def html_of(papers: Sequence[Paper], told: Mapping[str, Row] | None = None) -> str:
    """Return a self-contained page of the papers, in which each sentence opens to the words behind it."""
    first = papers[0]
    way = "rtl" if first.lang == "ar" else "ltr"
    body = "".join(_article(paper, told or {}) for paper in papers)
    return (
        f'<!DOCTYPE html>\n<html lang="{first.lang}" dir="{way}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{_e(first.title)}</title>\n'
        f"<style>\n{_style()}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )


def _article(paper: Paper, told: Mapping[str, Row]) -> str:
    way = "rtl" if paper.lang == "ar" else "ltr"
    sections = "".join(_html_section(section, paper.lang, told) for section in paper.sections)
    foot = f"<footer>{_bdi(paper.foot, paper.lang)}</footer>\n" if paper.foot else ""
    title = f"<h1>{_bdi(paper.title, paper.lang)}</h1>\n"
    return f'<article lang="{paper.lang}" dir="{way}">\n{title}{sections}{foot}</article>\n'


def _html_section(section: Section, lang: str, told: Mapping[str, Row]) -> str:
    parts = [f"<h2>{_bdi(section.heading, lang)}</h2>\n"] if section.heading else []
    for part in section.parts:
        parts += [f"<h3>{_bdi(part.heading, lang)}</h3>\n"] if part.heading else []
        parts += [_html_sentence(sentence, lang, told) for sentence in part.sentences]
    return f"<section>\n{''.join(parts)}</section>\n"


def _html_sentence(sentence: Sentence, lang: str, told: Mapping[str, Row]) -> str:
    words = _bdi(sentence.text, lang)
    quotes = "".join(_quote(claim, told[claim]) for claim in sentence.claims if claim in told)
    data = f' data-claims="{_e(" ".join(sentence.claims))}"' if sentence.claims else ""
    data += f' data-incident="{_e(sentence.incident)}"' if sentence.incident else ""
    if not quotes:
        return f'<p class="plain"{data}>{words}</p>\n'
    return f"<details{data}>\n<summary>{words}</summary>\n{quotes}</details>\n"


def _quote(claim: str, row: Row) -> str:
    cite = f'<cite><bdi>{_e(_origin(row))}</bdi> <bdi dir="ltr">{_e(claim)}</bdi></cite>'
    return f'<blockquote lang="ar" dir="rtl">«{_e(row["evidence"])}»{cite}</blockquote>\n'


def _bdi(words: str, lang: str) -> str:
    """Return words escaped; Arabic names in English do not move their neighbours."""
    if lang == "ar":
        return _e(words)
    parts, at = [], 0
    for run in RIGHT_RUN.finditer(words):
        parts += [_e(words[at : run.start()]), f'<bdi lang="ar">{_e(run.group())}</bdi>']
        at = run.end()
    return "".join(parts) + _e(words[at:])


def _e(words: str) -> str:
    return escape("".join(c for c in words if c >= " " or c in "\n\t"), quote=True)


def docx_of(papers: Sequence[Paper]) -> bytes:
    """Return the papers as one Word document, right-to-left where the language is; it has no clock."""
    from docx import Document

    document = Document()
    for n, paper in enumerate(papers):
        if n:
            document.add_page_break()
        for style, words in _styled(paper):
            _write(document.add_paragraph(style=style), words, paper.lang)
    properties = document.core_properties
    properties.title, properties.author = papers[0].title, "Marsad"
    properties.created = properties.modified = _THE_DAY
    properties.last_modified_by, properties.revision, properties.language = "Marsad", 1, papers[0].lang
    out = io.BytesIO()
    document.save(out)
    return _without_clock(out.getvalue())


def _styled(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "Title", paper.title
    for section in paper.sections:
        yield from [("Heading 1", section.heading)] if section.heading else []
        for part in section.parts:
            yield from [("Heading 2", part.heading)] if part.heading else []
            yield from (("Normal", sentence.text) for sentence in part.sentences)
    yield from [("Normal", paper.foot)] if paper.foot else []


def _write(paragraph: Any, words: str, lang: str) -> None:
    """Write words into a paragraph of their direction, each run of Arabic marked as such."""
    from docx.oxml import OxmlElement

    if lang == "ar":
        properties = paragraph._p.get_or_add_pPr()
        properties.append(OxmlElement("w:bidi"))
        _add_run(paragraph, words, True)
        return
    at = 0
    for run in RIGHT_RUN.finditer(words):
        _add_run(paragraph, words[at : run.start()], False)
        _add_run(paragraph, run.group(), True)
        at = run.end()
    _add_run(paragraph, words[at:], False)


def _add_run(paragraph: Any, words: str, is_rtl: bool) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    if not words:
        return
    clean = "".join(c for c in words if c >= " ")
    run = paragraph.add_run(clean)
    properties = run._r.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(script), _FONT)
    if is_rtl:
        properties.append(OxmlElement("w:rtl"))
    language = OxmlElement("w:lang")
    language.set(qn("w:bidi" if is_rtl else "w:val"), "ar" if is_rtl else "en-GB")
    properties.append(language)


def _without_clock(packed: bytes) -> bytes:
    """Return a zip of the same files, all of one time."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as there, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as here:
        for name in sorted(there.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            here.writestr(zipfile.ZipInfo(name, _IN_ZIP), there.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
