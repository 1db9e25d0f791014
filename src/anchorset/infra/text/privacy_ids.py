"""National ids of people and tax ids, each proved by its checksum or its published rules.

A number that is spelt as no other number is (`123-45-6789`, `123.456.789-09`, `RSSMRA85T10A562S`) is taken as it
stands. Bare digits pass a checksum by chance once in ten, so there the text has to name the id first.
What this module does not know: whether an id was ever issued.
"""

from __future__ import annotations

import re
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
    bare: str | None = None
    """A spelling that counts only after `named`."""
    named: str = r"(?!)"


_IDS = (
    _Id(
        name="us_ssn",
        stdnum="us.ssn",
        distinct=r"\d{3}-\d{2}-\d{4}",
        bare=r"\d{3} ?\d{2} ?\d{4}",
        named=r"ssn|social security",
    ),
    _Id(name="us_itin", stdnum="us.itin", distinct=r"9\d{2}-\d{2}-\d{4}", bare=r"9\d{8}", named=r"itin|taxpayer"),
    _Id(name="ca_sin", stdnum="ca.sin", bare=r"\d{3}[ -]?\d{3}[ -]?\d{3}", named=r"\bsin\b|social insurance"),
    _Id(name="gb_nhs", stdnum="gb.nhs", bare=r"\d{3}[ -]?\d{3}[ -]?\d{4}", named=r"\bnhs\b"),
    _Id(name="de_idnr", stdnum="de.idnr", bare=r"\d{2} ?\d{3} ?\d{3} ?\d{3}", named=r"steuer|\bidnr\b|\btin\b|tax id"),
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
        distinct=r"(?i:[A-Z]{6}\w{2}[A-EHLMPRST]\w{2}[A-Z]\w{3}[A-Z])",
    ),
    _Id(name="pl_pesel", stdnum="pl.pesel", bare=r"\d{11}", named=r"pesel"),
    _Id(name="br_cpf", stdnum="br.cpf", distinct=r"\d{3}\.\d{3}\.\d{3}-\d{2}", bare=r"\d{11}", named=r"\bcpf\b"),
    _Id(name="br_cnpj", stdnum="br.cnpj", distinct=r"\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}", bare=r"\d{14}", named=r"cnpj"),
    _Id(name="nl_bsn", stdnum="nl.bsn", bare=r"\d{4}\.?\d{2}\.?\d{3}|\d{9}", named=r"\bbsn\b|burgerservice|sofi"),
    _Id(
        name="be_nn",
        stdnum="be.nn",
        distinct=r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}",
        bare=r"\d{11}",
        named=r"rijksregister|registre national",
    ),
    _Id(
        name="se_personnummer",
        stdnum="se.personnummer",
        distinct=r"(?:19|20)?\d{6}[-+]\d{4}",
        bare=r"\d{10}|\d{12}",
        named=r"personnummer",
    ),
    _Id(name="fi_hetu", stdnum="fi.hetu", distinct=r"\d{6}[-+A]\d{3}[0-9A-Z]"),
    _Id(name="dk_cpr", stdnum="dk.cpr", bare=r"\d{6}-?\d{4}", named=r"\bcpr\b"),
    _Id(
        name="no_fodselsnummer", stdnum="no.fodselsnummer", bare=r"\d{6} ?\d{5}", named=r"f[oø]dselsnummer|personnummer"
    ),
    _Id(name="ch_ahv", stdnum="ch.ssn", distinct=r"756\.\d{4}\.\d{4}\.\d{2}", bare=r"756\d{10}", named=r"ahv|avs"),
    _Id(name="in_aadhaar", stdnum="in_.aadhaar", bare=r"\d{4} ?\d{4} ?\d{4}", named=r"aadhaa?r|uidai"),
    _Id(name="in_pan", stdnum="in_.pan", distinct=r"[A-Z]{3}[ABCFGHLJPTK][A-Z]\d{4}[A-Z]"),
    _Id(name="mx_curp", stdnum="mx.curp", distinct=r"[A-Z]{4}\d{6}[HM][A-Z]{5}[0-9A-Z]\d"),
    _Id(name="tr_tckimlik", stdnum="tr.tckimlik", bare=r"\d{11}", named=r"kimlik|t\.?c\.? ?no"),
    _Id(name="za_idnr", stdnum="za.idnr", bare=r"\d{6} ?\d{4} ?\d{3}", named=r"\bid\b|identity"),
    _Id(name="cn_ric", stdnum="cn.ric", distinct=r"[1-9]\d{5}(?:19|20)\d{9}[\dXx]"),
    _Id(name="kr_rrn", stdnum="kr.rrn", distinct=r"\d{6}-[1-8]\d{6}"),
    _Id(name="au_tfn", stdnum="au.tfn", bare=r"\d{3} ?\d{3} ?\d{3}", named=r"\btfn\b|tax file"),
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
_DISTINCT = _alternatives("distinct")
_BARE = re.compile(rf"(?<![\w.+$€£#])\d(?:[ .\-/]?\d){{8,13}}{_END}")
_ANY_NAMED = re.compile("|".join(one.named for one in _IDS if one.bare), re.IGNORECASE)
_REACH = 50
"""Characters before a bare number in which its id must be named."""


def national_ids(text: str) -> Found:
    for match in _NINO.finditer(text):
        yield Span("national_id", match.start(), match.end(), match.group(), "gb_nino")
    for match in _DISTINCT.finditer(text):
        name = match.lastgroup or ""
        if _valid(_BY_NAME[name].stdnum, match.group()):
            yield Span("national_id", match.start(), match.end(), match.group(), name)
    if not _ANY_NAMED.search(text):
        return
    for match in _BARE.finditer(text):
        before = text[max(0, match.start() - _REACH) : match.start()]
        for one in _IDS:
            if (
                one.bare
                and re.search(one.named, before, re.IGNORECASE)
                and re.fullmatch(one.bare, match.group())
                and _valid(one.stdnum, match.group())
            ):
                yield Span("national_id", match.start(), match.end(), match.group(), one.name)
                break


def _valid(module: str, written: str) -> bool:
    if written.isascii() is False:
        written = digits_of(written)
    return bool(_validator(module)(written))


@cache
def _validator(module: str):  # type: ignore[no-untyped-def]  # python-stdnum ships no types
    return import_module(f"stdnum.{module}").is_valid
