"""National ids of people and tax ids, each proved by its checksum or its published rules.

A number that is spelt as no other number is (`123-45-6789`, `123.456.789-09`, `RSSMRA85T10A562S`) is taken as it
stands. Bare digits pass a checksum by chance once in ten, so there the text has to name the id first.
What this module does not know: whether an id was ever issued.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from anchorset.infra.text.digits import digits_of
from anchorset.infra.text.span import Found, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class _Id:
    name: str
    stdnum: str
    """Module of python-stdnum that validates it."""
    distinct: str | None = None
    """A spelling that needs no introduction."""
    lettered: str | None = None
    """The same, for a spelling that begins with letters."""
    bare: str | None = None
    """A spelling that counts only after `named`."""
    named: tuple[str, ...] = ()
    """Beginnings of the words that introduce it, lower case; a space at the end asks for the whole word."""


_IDS = (
    _Id(
        name="us_ssn",
        stdnum="us.ssn",
        distinct=r"\d{3}-\d{2}-\d{4}",
        bare=r"\d{3} ?\d{2} ?\d{4}",
        named=("ssn", "social security"),
    ),
    _Id(name="us_itin", stdnum="us.itin", distinct=r"9\d{2}-\d{2}-\d{4}", bare=r"9\d{8}", named=("itin", "taxpayer")),
    _Id(name="ca_sin", stdnum="ca.sin", bare=r"\d{3}[ -]?\d{3}[ -]?\d{3}", named=("sin ", "social insurance")),
    _Id(name="gb_nhs", stdnum="gb.nhs", bare=r"\d{3}[ -]?\d{3}[ -]?\d{4}", named=("nhs ",)),
    _Id(
        name="de_idnr", stdnum="de.idnr", bare=r"\d{2} ?\d{3} ?\d{3} ?\d{3}", named=("steuer", "idnr", "tin ", "tax id")
    ),
    _Id(
        name="fr_nir",
        stdnum="fr.nir",
        distinct=r"[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}",
    ),
    _Id(name="es_dni", stdnum="es.dni", distinct=r"\d{8}-?[A-HJ-NP-TV-Za-hj-np-tv-z]"),
    _Id(name="es_nie", stdnum="es.nie", distinct=r"[XYZxyz]-?\d{7}-?[A-HJ-NP-TV-Za-hj-np-tv-z]"),
    _Id(
        name="it_codice_fiscale",
        stdnum="it.codicefiscale",
        lettered=r"(?i:[A-Z]{6}\w{2}[A-EHLMPRST]\w{2}[A-Z]\w{3}[A-Z])",
    ),
    _Id(name="pl_pesel", stdnum="pl.pesel", bare=r"\d{11}", named=("pesel",)),
    _Id(name="br_cpf", stdnum="br.cpf", distinct=r"\d{3}\.\d{3}\.\d{3}-\d{2}", bare=r"\d{11}", named=("cpf ",)),
    _Id(name="br_cnpj", stdnum="br.cnpj", distinct=r"\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}", bare=r"\d{14}", named=("cnpj",)),
    _Id(name="nl_bsn", stdnum="nl.bsn", bare=r"\d{4}\.?\d{2}\.?\d{3}|\d{9}", named=("bsn ", "burgerservice", "sofi")),
    _Id(
        name="be_nn",
        stdnum="be.nn",
        distinct=r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}",
        bare=r"\d{11}",
        named=("rijksregister", "registre national"),
    ),
    _Id(
        name="se_personnummer",
        stdnum="se.personnummer",
        distinct=r"(?:19|20)?\d{6}[-+]\d{4}",
        bare=r"\d{10}|\d{12}",
        named=("personnummer",),
    ),
    _Id(name="fi_hetu", stdnum="fi.hetu", distinct=r"\d{6}[-+A]\d{3}[0-9A-Z]"),
    _Id(name="dk_cpr", stdnum="dk.cpr", bare=r"\d{6}-?\d{4}", named=("cpr ",)),
    _Id(
        name="no_fodselsnummer",
        stdnum="no.fodselsnummer",
        bare=r"\d{6} ?\d{5}",
        named=("fodselsnummer", "fødselsnummer", "personnummer"),
    ),
    _Id(name="ch_ahv", stdnum="ch.ssn", distinct=r"756\.\d{4}\.\d{4}\.\d{2}", bare=r"756\d{10}", named=("ahv", "avs")),
    _Id(name="in_aadhaar", stdnum="in_.aadhaar", bare=r"\d{4} ?\d{4} ?\d{4}", named=("aadhaar", "aadhar", "uidai")),
    _Id(name="in_pan", stdnum="in_.pan", lettered=r"[A-Z]{3}[ABCFGHLJPTK][A-Z]\d{4}[A-Z]"),
    _Id(name="mx_curp", stdnum="mx.curp", lettered=r"[A-Z]{4}\d{6}[HM][A-Z]{5}[0-9A-Z]\d"),
    _Id(name="tr_tckimlik", stdnum="tr.tckimlik", bare=r"\d{11}", named=("kimlik", "tc no", "tckn")),
    _Id(name="za_idnr", stdnum="za.idnr", bare=r"\d{6} ?\d{4} ?\d{3}", named=("id ", "identity")),
    _Id(name="cn_ric", stdnum="cn.ric", distinct=r"[1-9]\d{5}(?:19|20)\d{9}[\dXx]"),
    _Id(name="kr_rrn", stdnum="kr.rrn", distinct=r"\d{6}-[1-8]\d{6}"),
    _Id(name="au_tfn", stdnum="au.tfn", bare=r"\d{3} ?\d{3} ?\d{3}", named=("tfn ", "tax file")),
)
_BY_NAME = {one.name: one for one in _IDS}


def _alternatives(which: str) -> re.Pattern[str]:
    """One group an id; each alternative ends where the number does, so that a longer one is not cut short."""
    shapes = "|".join(
        f"(?P<{one.name}>(?:{shape}){_END})" for one in _IDS if (shape := getattr(one, which)) is not None
    )
    return re.compile(rf"(?<![\w.+$€£#])(?:{shapes})")


_END = r"(?![\w]|[.,\-/]\d)"
_NINO = re.compile(
    r"(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)", re.I
)
_DISTINCT, _LETTERED = _alternatives("distinct"), _alternatives("lettered")
_BARE = re.compile(rf"(?<![\w.+$€£#])\d(?:[ .\-/]?\d){{8,13}}{_END}")
_NAMED = [(one, [f" {name}" for name in one.named], re.compile(one.bare)) for one in _IDS if one.bare]
_ALL_NAMES = tuple(name for _, names, _ in _NAMED for name in names)
_SAID_SSN = re.compile(
    r"\b(?:ssn|social security)\b(?:\W{0,3}(?:number|no|nr|num|is|was)\b){0,3}\W{0,3}(\d{3}([ \-]?)\d\d\2\d{4})"
    r"(?![\w]|[.,\-/]\d)",
    re.IGNORECASE,
)
_NO_LETTER = re.compile(r"[\W_]+")
_REACH = 50
"""Characters before a bare number in which its id must be named."""


def national_ids(text: str) -> Found:
    """Ids that are numbers, or begin with one."""
    for match in _NINO.finditer(text):
        yield Span("national_id", match.start(), match.end(), match.group(), "gb_nino")
    for match in _SAID_SSN.finditer(text):  # never issued, but mistyped: the rest of it is right
        yield Span("national_id", match.start(1), match.end(1), match.group(1), "said")
    yield from _by_shape(_DISTINCT, text)
    for match in _BARE.finditer(text):
        before = _NO_LETTER.sub(" ", f" {text[max(0, match.start() - _REACH) : match.start()].lower()} ")
        if not any(name in before for name in _ALL_NAMES):
            continue
        for one, names, bare in _NAMED:
            if (
                any(name in before for name in names)
                and bare.fullmatch(match.group())
                and _valid(one.stdnum, match.group())
            ):
                yield Span("national_id", match.start(), match.end(), match.group(), one.name)
                break


def lettered_ids(text: str) -> Found:
    """Ids that begin with letters."""
    yield from _by_shape(_LETTERED, text)


def _by_shape(shapes: re.Pattern[str], text: str) -> Found:
    for match in shapes.finditer(text):
        name = match.lastgroup or ""
        if _valid(_BY_NAME[name].stdnum, match.group()):
            yield Span("national_id", match.start(), match.end(), match.group(), name)


def _valid(module: str, written: str) -> bool:
    if not written.isascii():
        written = digits_of(written)
    return bool(_validator(module)(written))


@cache
def _validator(module: str) -> Callable[[str], bool]:
    valid: Callable[[str], bool] = import_module(f"stdnum.{module}").is_valid
    return valid
