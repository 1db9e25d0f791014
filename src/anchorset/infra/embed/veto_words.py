"""The word lists behind the veto: negators, months, weekdays, number words, currencies, and their misspelt forms.

What this module does not know: texts.
"""

from __future__ import annotations

from itertools import chain

ORDINALS = frozenset({"st", "nd", "rd", "th"})
CAPITAL_PRONOUNS = frozenset({"i", "im", "ive", "id", "ill"})
OPPOSITE_PREFIXES = ("un", "dis", "de", "in", "im", "ir", "il", "non")
_OPPOSITE_PAIRS = [
    pair.split("/")
    for row in (
        "up/down on/off in/out to/from before/after more/less small/big small/large early/late high/low hot/cold",
        "increase/decrease open/close opened/closed buy/sell bought/sold send/receive sent/received add/remove",
        "added/removed start/stop started/stopped first/last win/lose won/lost lost/found true/false yes/no",
        "credit/debit deposit/withdraw deposit/withdrawal incoming/outgoing old/new cheap/expensive fast/slow",
        "accept/reject accepted/rejected approved/rejected accepted/declined approved/declined upgrade/downgrade",
        "minimum/maximum min/max left/right begin/end borrow/lend push/pull import/export login/logout good/bad",
        "always/never better/worse easy/hard faster/slower higher/lower larger/smaller bigger/smaller above/below",
    )
    for pair in row.split()
]
OPPOSITES = {
    word: frozenset(other for pair in _OPPOSITE_PAIRS if word in pair for other in pair if other != word)
    for word in chain.from_iterable(_OPPOSITE_PAIRS)
}
"""Each word and the words it stands against."""
CURRENCY = {
    "$": "usd", "usd": "usd", "dollar": "usd", "dollars": "usd", "bucks": "usd", "€": "eur", "eur": "eur",
    "euro": "eur", "euros": "eur", "£": "gbp", "gbp": "gbp", "pound": "gbp", "pounds": "gbp", "quid": "gbp", "¥": "jpy",
    "jpy": "jpy", "yen": "jpy", "₹": "inr", "inr": "inr", "rupee": "inr", "rupees": "inr",
    "chf": "chf", "francs": "chf", "aud": "aud", "cad": "cad", "rub": "rub",
    "₽": "rub", "zloty": "pln", "pln": "pln", "bitcoin": "btc", "btc": "btc",
}  # fmt: skip
NUMBER_WORDS = {
    word: value
    for pair in (
        "zero=0 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 thirteen=13",
        "fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20 thirty=30 forty=40",
        "fifty=50 sixty=60 seventy=70 eighty=80 ninety=90 hundred=100 thousand=1000 million=1000000 twice=2",
        "half=0.5",
    )
    for word, _, value in (entry.partition("=") for entry in pair.split())
}
_MONTHS = (
    "january jan januar janvier enero gennaio janeiro januari января январь",
    "february feb februar février febrero febbraio fevereiro februari февраля",
    "march mar märz mars marzo março maart марта",
    "april apr avril abril aprile апреля",
    "may mai mayo maggio maio mei мая",
    "june jun juni juin junio giugno junho июня",
    "july jul juli juillet julio luglio julho июля",
    "august aug août agosto augustus августа",
    "september sep sept septembre septiembre settembre setembro сентября",
    "october oct oktober octobre octubre ottobre outubro октября",
    "november nov novembre noviembre novembro ноября",
    "december dec dezember décembre diciembre dicembre dezembro декабря",
)
_DAYS = (
    "monday mon montag lundi lunes lunedì maandag понедельник",
    "tuesday tue tues dienstag mardi martes martedì dinsdag вторник",
    "wednesday wed mittwoch mercredi miércoles mercoledì woensdag среда среду",
    "thursday thu thur thurs donnerstag jeudi jueves giovedì donderdag четверг",
    "friday fri freitag vendredi viernes venerdì vrijdag пятница пятницу",
    "saturday sat samstag samedi sábado sabato zaterdag суббота субботу",
    "sunday sun sonntag dimanche domingo domenica zondag воскресенье",
)
_RELATIVE = (
    "today heute aujourdhui hoy oggi hoje vandaag сегодня",
    "tomorrow tmrw tomorow demain mañana domani amanhã завтра",
    "yesterday gestern hier ayer ieri ontem gisteren вчера",
    "tonight ce_soir stasera",
)
DATE_WORDS = {
    word: f"{kind}{n}"
    for kind, table in (("m", _MONTHS), ("d", _DAYS), ("r", _RELATIVE))
    for n, row in enumerate(table, start=1)
    for word in row.split()
}
ALSO_PLAIN_WORDS = frozenset(
    {"may", "march", "mars", "mar", "mai", "mei", "sat", "sun", "mon", "wed", "hier", "august", "sep", "dec"}
)
_NEGATOR_WORDS = [
    word
    for row in (
        "no not never none nobody nothing nowhere neither nor without cannot cant dont doesnt didnt isnt arent wasnt",
        "werent wont wouldnt shouldnt couldnt hasnt havent hadnt aint mustnt neednt unable",
        "nicht kein keine keinen keinem keiner nie niemals ohne pas jamais sans aucun aucune rien nunca sin jamás",
        "ningún ninguna non senza nessun não sem nenhum niet geen nooit zonder не нет без никогда",
    )
    for word in row.split()
]


def slips_of(word: str) -> set[str]:
    """The word with two neighbours swapped, or with one letter doubled; itself when it has equal neighbours."""
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    return swapped | {word[: i + 1] + word[i:] for i in range(len(word))}


_REAL_WORDS = frozenset({"on", "ton", "nie", "sni", "ins", "snas"})
NEGATORS = frozenset(_NEGATOR_WORDS) | {
    slipped for word in _NEGATOR_WORDS for slipped in slips_of(word) if slipped not in _REAL_WORDS
}
