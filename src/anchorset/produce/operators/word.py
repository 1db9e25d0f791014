"""Words left out, swapped, shortened, spelt out, filled in: the same thing said by another hand.

What this module does not know: what a word means in this product; `lexical` does.
"""

from __future__ import annotations

import re

from anchorset.produce.dice import Dice
from anchorset.produce.operators.operator import Change, Spans, TextOperator
from anchorset.produce.operators.words import KEEP, free, like, pairs, spot, swapped, swapped_all

_DROPPABLE = frozenset(
    {"the", "a", "an", "my", "is", "are", "am", "was", "been", "have", "has", "do", "does", "just", "that"}
)
_ABBREVIATED = pairs(
    """
    account=acct,acc please=pls,plz thanks=thx,tks because=bc,cos message=msg number=no.,nr information=info
    application=app transaction=txn,trans transactions=txns,trans customer=cust department=dept appointment=appt
    tomorrow=tmrw,tmr tonight=tonite weekend=wkend minutes=mins minute=min hours=hrs hour=hr seconds=secs
    week=wk weeks=wks month=mo months=mos year=yr years=yrs maximum=max minimum=min amount=amt payment=pmt
    payments=pmts received=rcvd reference=ref address=addr approximately=approx regarding=re. people=ppl
    something=sth someone=sb without=w/o with=w/ between=btwn question=q balance=bal statement=stmt document=doc
    documents=docs identification=id identity=id telephone=tel mobile=mob telephone=phone picture=pic
    pictures=pics photo=pic favorite=fav probably=prob definitely=def immediately=asap international=intl
    government=govt
    """
)
_SPELT_OUT = pairs(
    """
    acct=account acc=account pls=please plz=please thx=thanks tks=thanks bc=because cos=because coz=because
    msg=message info=information txn=transaction dept=department appt=appointment mins=minutes hrs=hours
    secs=seconds wks=weeks yrs=years max=maximum amt=amount approx=approximately ppl=people docs=documents
    pics=pictures pic=picture app=application wanna=want_to gonna=going_to gotta=have_to dunno=do_not_know
    lemme=let_me gimme=give_me u=you ur=your r=are asap=as_soon_as_possible tmrw=tomorrow atm=cash_machine
    """
)
_TEXTED = pairs(
    """
    you=u your=ur you're=ur are=r see=c okay=k ok=k and=& because=cuz,bc though=tho through=thru thanks=thx,ty
    please=plz,pls what=wat,wut people=ppl want=wanna about=abt back=bk know=kno now=rn message=msg
    tomorrow=tmrw really=rly something=smth with=w/ going=goin doing=doin trying=tryin getting=gettin
    nothing=nuthin have=hv just=jst good=gd should=shld could=cld would=wld when=wen
    """
)
_CONTRACTED = pairs(
    """
    i_am=I'm i_have=I've i_will=I'll i_would=I'd do_not=don't does_not=doesn't did_not=didn't can_not=can't
    is_not=isn't are_not=aren't was_not=wasn't were_not=weren't have_not=haven't has_not=hasn't had_not=hadn't
    will_not=won't would_not=wouldn't could_not=couldn't should_not=shouldn't it_is=it's that_is=that's
    what_is=what's where_is=where's who_is=who's how_is=how's there_is=there's you_are=you're they_are=they're
    we_are=we're we_have=we've they_have=they've you_have=you've let_us=let's
    """
)
_WRITTEN_OUT = pairs(
    """
    i'm=I_am i've=I_have i'll=I_will don't=do_not doesn't=does_not didn't=did_not can't=cannot isn't=is_not
    aren't=are_not wasn't=was_not weren't=were_not haven't=have_not hasn't=has_not hadn't=had_not won't=will_not
    wouldn't=would_not couldn't=could_not shouldn't=should_not you're=you_are they're=they_are we're=we_are
    we've=we_have they've=they_have you've=you_have
    """
)
_FILLERS = ("um", "uh", "basically", "actually", "well", "you know", "honestly")
_OPENERS = ("um", "so", "ok so", "well", "hey so", "right", "basically", "honestly", "erm")
_WE = pairs("i=we me=us my=our mine=ours myself=ourselves i'm=we're i've=we've i'll=we'll i'd=we'd am=are")
_THIRD = pairs("my=my_husband's,my_wife's,my_mum's,my_dad's,my_son's,my_daughter's,my_flatmate's")
_OWNED = frozenset({
    "account", "app", "balance", "bank", "card", "cards", "code", "delivery", "flight", "invoice", "luggage", "money",
    "name", "number", "order", "orders", "package", "parcel", "passcode", "password", "payment", "phone", "pin",
    "refund", "salary", "subscription", "ticket", "transaction", "transfer",
})  # fmt: skip


def drop_function(text: str, dice: Dice, spans: Spans) -> Change | None:
    """A small word left out, never one that says which way or that something is not so.

    >>> drop_function("where is the parcel", Dice(1), [])
    ('where is parcel', "'the'")
    """
    found = spot(text, dice, spans, _DROPPABLE)
    if found is None or text.count(" ") < 3:
        return None
    start, word = found
    end = start + len(word)
    if text[end : end + 1] != " " or text[end + 1 : end + 4].lower() == "not":
        return None
    rest = text[end + 1 :]
    return text[:start] + (rest if start else like(word, rest)), f"{word!r}"


def swap_adjacent(text: str, dice: Dice, spans: Spans) -> Change | None:
    """Two neighbouring words in the wrong order; none that turns the meaning around.

    >>> swap_adjacent("where is my parcel", Dice(1), [])
    ('where is parcel my', "'my' 'parcel'")
    """
    words = text.split(" ")
    if len(words) < 4:
        return None
    for _ in range(4):
        at = 1 + dice.below(len(words) - 2)  # the first word stays: it says what kind of sentence this is
        one, two = words[at], words[at + 1]
        if one.isalpha() and two.isalpha() and one != two and one.lower() not in KEEP and two.lower() not in KEEP:
            if spans:
                start = sum(map(len, words[:at])) + at
                if not free(spans, start, start + len(one) + 1 + len(two)):
                    continue
            words[at : at + 2] = two, one
            return " ".join(words), f"{one!r} {two!r}"
    return None


def repeat(text: str, dice: Dice, spans: Spans) -> Change | None:
    """A small word written twice.

    >>> repeat("where is the parcel", Dice(1), [])
    ('where is the the parcel', "'the'")
    """
    found = spot(text, dice, spans, _REPEATABLE)
    if found is None:
        return None
    start, word = found
    end = start + len(word)
    return text[:end] + " " + word.lower() + text[end:], f"{word!r}"


_REPEATABLE = frozenset({"the", "a", "is", "to", "in", "of", "it", "for", "on", "and", "i", "was", "have"})


def abbreviate(text: str, dice: Dice, spans: Spans) -> Change | None:
    """A word shortened as people shorten it in a form field.

    >>> abbreviate("please check my account", Dice(2), [])
    ('please check my acct', "'account' -> 'acct'")
    """
    return swapped(text, dice, spans, _ABBREVIATED)


def spell_out(text: str, dice: Dice, spans: Spans) -> Change | None:
    """A shortened word spelt out.

    >>> spell_out("pls check my acct", Dice(1), [])
    ('pls check my account', "'acct' -> 'account'")
    """
    return swapped(text, dice, spans, _SPELT_OUT)


def text_style(text: str, dice: Dice, spans: Spans) -> Change | None:
    """The spelling of text messages, in one word; in a long text, in two.

    >>> text_style("are you sending my card?", Dice(1), [])
    ('are u sending my card?', "'you' -> 'u'")
    """
    once = swapped(text, dice, spans, _TEXTED)
    if once is None or len(text) < 60 or spans:
        return once
    twice = swapped(once[0], dice, spans, _TEXTED)
    return once if twice is None else (twice[0], f"{once[1]}, {twice[1]}")


def slang(text: str, dice: Dice, spans: Spans) -> Change | None:
    """Everyday words: want to, going to, have to, give me, kind of.

    >>> slang("I want to know where it is", Dice(1), [])
    ('I wanna know where it is', "'want to' -> 'wanna'")
    """
    return _phrase(text, dice, spans, _SLANG)


_SLANG = pairs(
    """
    want_to=wanna going_to=gonna have_to=gotta,hafta give_me=gimme let_me=lemme do_you=d'you,do_ya kind_of=kinda
    sort_of=sorta out_of=outta got_to=gotta don't_know=dunno what_is=whats thank_you=cheers,ta a_lot=loads,tons
    trying_to=tryna
    """
)


def contract(text: str, dice: Dice, spans: Spans) -> Change | None:
    """Two words as one: do not, don't.

    >>> contract("I do not see it", Dice(1), [])
    ("I don't see it", '\\'do not\\' -> "don\\'t"')
    """
    return _phrase(text, dice, spans, _CONTRACTED)


def write_out(text: str, dice: Dice, spans: Spans) -> Change | None:
    """One word as two: don't, do not.

    >>> write_out("I don't see it", Dice(1), [])
    ('I do not see it', '"don\\'t" -> \\'do not\\'')
    """
    return None if "'" not in text else swapped(text, dice, spans, _WRITTEN_OUT)


def filler(text: str, dice: Dice, spans: Spans) -> Change | None:
    """A word that says nothing, at the start or between two words.

    >>> filler("where is my parcel", Dice(1), [])
    ('um, where is my parcel', "'um'")
    """
    if not text or text[0].isspace() or (spans and not free(spans, 0, 1)):
        return None
    found = None if dice.below(3) else spot(text, dice, spans, _BEFORE_FILLER)
    if found is None:
        word = dice.pick(_OPENERS)
        rest = text if text[:2].isupper() or text.startswith(("I ", "I'")) else text[0].lower() + text[1:]
        return like(text, word) + (", " if dice.below(2) else " ") + rest, f"{word!r}"
    start, before = found
    word, end = dice.pick(_FILLERS), start + len(before)
    return text[:end] + " " + word + text[end:], f"{word!r}"


_BEFORE_FILLER = frozenset({"and", "but", "because", "then"})  # after a verb or a pronoun it would break what follows


def we(text: str, dice: Dice, spans: Spans) -> Change | None:
    """We for I, when a household or a firm writes.

    >>> we("I lost my card", Dice(1), [])
    ('We lost our card', None)
    """
    lowered = f" {text.lower()} "
    if " i " not in lowered and " i'" not in lowered:
        return None
    if " am " in lowered.replace(" i am ", " ") or " was " in lowered or "(a)" in lowered or "(i)" in lowered:
        return None  # who else is or was would have to change too, and an I may be the number of an option
    new = _MIDST_WE.sub("we", swapped_all(text, spans, _WE))
    return None if new == text else (new, None)


_MIDST_WE = re.compile(r"(?<=[^\s.!?…:] )We\b|(?<=,  )We\b")


def third_person(text: str, dice: Dice, spans: Spans) -> Change | None:
    """It is somebody else's: my card, my husband's card. Who asks may change what may be answered.

    >>> third_person("where is my card", Dice(1), [])
    ("where is my daughter's card", '\\'my\\' -> "my daughter\\'s"')
    """
    found = spot(text, dice, spans, _THIRD.keys())
    if found is None or _next(text, found[0] + 2) not in _OWNED:
        return None
    start, word = found
    new = like(word, dice.pick(_THIRD["my"]))
    return text[:start] + new + text[start + len(word) :], f"{word!r} -> {new!r}"


def _next(text: str, end: int) -> str:
    """The word after `end`, small and bare."""
    return text[end:].lstrip().partition(" ")[0].strip(".,;:!?").lower()


def _phrase(text: str, dice: Dice, spans: Spans, table: dict[str, tuple[str, ...]]) -> Change | None:
    """Two words of the table replaced by one of its entries."""
    words = text.split(" ")
    lowered = text.lower().split(" ")
    found = [at for at in range(len(words) - 1) if f"{lowered[at]} {lowered[at + 1]}" in table]
    if not found or len(lowered) != len(words):
        return None
    at = dice.pick(found)
    old = f"{words[at]} {words[at + 1]}"
    if spans:
        start = sum(map(len, words[:at])) + at
        if not free(spans, start, start + len(old)):
            return None
    new = dice.pick(table[old.lower()])
    new = new if new[0] == "I" else like(words[at], new) if words[at] != "I" else new
    return " ".join((*words[:at], new, *words[at + 2 :])), f"{old!r} -> {new!r}"


OPERATORS = (
    TextOperator(name="word.drop_function", level="word", relation="invariant", weight=8, apply=drop_function),
    TextOperator(name="word.swap_adjacent", level="word", relation="invariant", weight=2, apply=swap_adjacent),
    TextOperator(name="word.repeat", level="word", relation="invariant", weight=3, apply=repeat),
    TextOperator(name="word.abbreviate", level="word", relation="invariant", weight=8, apply=abbreviate),
    TextOperator(name="word.spell_out", level="word", relation="invariant", weight=6, apply=spell_out),
    TextOperator(name="word.text_style", level="word", relation="invariant", weight=8, apply=text_style),
    TextOperator(name="word.slang", level="word", relation="invariant", weight=8, apply=slang),
    TextOperator(name="word.contract", level="word", relation="invariant", weight=8, apply=contract),
    TextOperator(name="word.write_out", level="word", relation="invariant", weight=8, apply=write_out),
    TextOperator(name="word.filler", level="word", relation="invariant", weight=8, apply=filler),
    TextOperator(name="word.we", level="word", relation="invariant", weight=5, apply=we),
    TextOperator(name="word.third_person", level="word", relation="unknown", weight=3, apply=third_person),
)
