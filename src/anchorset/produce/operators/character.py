"""Slips of the finger and the scanner: one letter of one word (two in a long text), never a number, id or negation.

What this module does not know: words as words.
"""

from __future__ import annotations

from collections.abc import Callable

from anchorset.produce.dice import Dice
from anchorset.produce.operators.operator import Change, Spans, TextOperator
from anchorset.produce.operators.words import like, pairs, pick_word, swapped

_NEAR = pairs(
    """
    q=w,a w=q,e,s e=w,r,d r=e,t,f t=r,y,g y=t,u,h u=y,i,j i=u,o,k o=i,p,l p=o,l a=q,s,z s=a,d,w,x d=s,f,e,c
    f=d,g,r,v g=f,h,t,b h=g,j,y,n j=h,k,u,m k=j,l,i,m l=k,o,p z=a,s,x x=z,c,s,d c=x,v,d,f v=c,b,f,g b=v,n,g,h
    n=b,m,h,j m=n,j,k
    """
)
_SCANNED = pairs("rn=m m=rn cl=d l=1 o=0 i=l e=c vv=w w=vv s=5 b=6")
_LOOKALIKE = dict(zip("aeopcxyiABEKMHOPCTX", "аеорсхуіАВЕКМНОРСТХ", strict=True))
_INVISIBLE = ("\u200b", "\u200c", "\u200d", "\u00ad", "\u2060")
_MISSPELT = pairs(
    """
    receive=recieve received=recieved,receved definitely=definately separate=seperate cancelled=canceld
    address=adress account=acount,accout transfer=tranfer,transfere payment=payement,paymant
    because=becuase,becouse believe=beleive which=wich until=untill really=realy tomorrow=tommorow,tomorow
    beginning=begining available=availible,avaliable immediately=immediatly,imediately
    unfortunately=unfortunatly different=diffrent their=thier there=ther business=buisness exchange=exhange
    currency=currancy,curency balance=balence weird=wierd friend=freind problem=probelm,problm
    delivery=delivary,dilivery delivered=deliverd arrived=arived arrive=arive refund=refound,re-fund
    damaged=damagd,dammaged receipt=reciept purchase=purchas,purchace identity=identitiy verify=varify
    virtual=virtaul success=sucess successful=succesful necessary=neccessary,necesary exceed=excede
    withdrawal=withdrawl withdraw=withdrawl guarantee=garantee occurred=occured whether=wether
    accidentally=accidently recommend=reccomend statement=statment something=somthing although=altho
    people=poeple please=plese,pleas
    """
)


def _in_words(text: str, dice: Dice, spans: Spans, slip: Callable[[str, Dice], str | None]) -> Change | None:
    """One word gone wrong; over 90 characters into the text perhaps another before it."""
    place = pick_word(text, dice, spans)
    if place is None:
        return None
    start, end = place
    word = text[start:end]
    new = slip(word, dice)
    if new is None or new == word:
        return None
    changed = text[:start] + new + text[end:]
    detail = f"{word!r} -> {new!r}"
    if start > 90 and dice.below(2):  # a long text, of which the part before this word is as it was
        before = _in_words(text[: start - 1], dice, [span for span in spans if span[1] < start], slip)
        if before is not None:
            return before[0] + changed[start - 1 :], f"{before[1]}, {detail}"
    return changed, detail


def _neighbour(word: str, dice: Dice) -> str | None:
    at = 1 + dice.below(len(word) - 1)  # people rarely miss the first letter
    near = _NEAR.get(word[at].lower())
    return None if near is None else word[:at] + like(word[at], dice.pick(near)) + word[at + 1 :]


def neighbour(text: str, dice: Dice, spans: Spans) -> Change | None:
    """A key beside the right one, on a qwerty keyboard.

    >>> neighbour("where is my order", Dice(1), [])
    ('where is my ofder', "'order' -> 'ofder'")
    """
    return _in_words(text, dice, spans, _neighbour)


def _doubled(word: str, dice: Dice) -> str | None:
    at = 1 + dice.below(len(word) - 1)
    return word[:at] + word[at] + word[at:]


def doubled(text: str, dice: Dice, spans: Spans) -> Change | None:
    """A key that was held too long.

    >>> doubled("where is my order", Dice(1), [])
    ('where is my orrder', "'order' -> 'orrder'")
    """
    return _in_words(text, dice, spans, _doubled)


def _dropped(word: str, dice: Dice) -> str | None:
    at = 1 + dice.below(len(word) - 1)
    return word[:at] + word[at + 1 :]


def dropped(text: str, dice: Dice, spans: Spans) -> Change | None:
    """A key that was not hit.

    >>> dropped("where is my order", Dice(1), [])
    ('where is my oder', "'order' -> 'oder'")
    """
    return _in_words(text, dice, spans, _dropped)


def _transposed(word: str, dice: Dice) -> str | None:
    at = 1 + dice.below(len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def transposed(text: str, dice: Dice, spans: Spans) -> Change | None:
    """Two letters in the wrong order.

    >>> transposed("where is my order", Dice(1), [])
    ('where is my odrer', "'order' -> 'odrer'")
    """
    return _in_words(text, dice, spans, _transposed)


def _scanned(word: str, dice: Dice) -> str | None:
    for seen in dice.rotated(tuple(_SCANNED)):
        at = word.find(seen, 1)
        if at > 0:
            return word[:at] + _SCANNED[seen][0] + word[at + len(seen) :]
    return None


def ocr(text: str, dice: Dice, spans: Spans) -> Change | None:
    """A letter as a scanner misreads it.

    >>> ocr("where is my order", Dice(1), [])
    ('where is my ordcr', "'order' -> 'ordcr'")
    """
    return _in_words(text, dice, spans, _scanned)


def _lookalike(word: str, dice: Dice) -> str | None:
    for at in dice.rotated(range(len(word))):
        if word[at] in _LOOKALIKE:
            return word[:at] + _LOOKALIKE[word[at]] + word[at + 1 :]
    return None


def homoglyph(text: str, dice: Dice, spans: Spans) -> Change | None:
    """A Cyrillic letter that looks the same, as text copied from elsewhere has it.

    >>> homoglyph("where is my order", Dice(1), [])
    ('where is my оrder', "'order' -> 'оrder'")
    """
    return _in_words(text, dice, spans, _lookalike)


def _hidden(word: str, dice: Dice) -> str | None:
    at = 1 + dice.below(len(word) - 1)
    return word[:at] + dice.pick(_INVISIBLE) + word[at:]


def invisible(text: str, dice: Dice, spans: Spans) -> Change | None:
    """A zero-width character or soft hyphen inside a word, as web pages and chat clients leave it.

    >>> invisible("where is my order", Dice(1), [])
    ('where is my o\\u2060rder', "'order' -> 'o\\\\u2060rder'")
    """
    return _in_words(text, dice, spans, _hidden)


def misspelt(text: str, dice: Dice, spans: Spans) -> Change | None:
    """A word the way many people spell it.

    >>> misspelt("I did not receive my refund", Dice(1), [])
    ('I did not receive my refound', "'refund' -> 'refound'")
    """
    return swapped(text, dice, spans, _MISSPELT)


OPERATORS = (
    TextOperator(name="typo.neighbour", level="character", relation="invariant", weight=12, apply=neighbour),
    TextOperator(name="typo.doubled", level="character", relation="invariant", weight=6, apply=doubled),
    TextOperator(name="typo.dropped", level="character", relation="invariant", weight=12, apply=dropped),
    TextOperator(name="typo.transposed", level="character", relation="invariant", weight=12, apply=transposed),
    TextOperator(name="typo.misspelt", level="character", relation="invariant", weight=10, apply=misspelt),
    TextOperator(name="typo.ocr", level="character", relation="invariant", weight=2, apply=ocr),
    TextOperator(name="typo.homoglyph", level="character", relation="invariant", weight=2, apply=homoglyph),
    TextOperator(name="typo.invisible", level="character", relation="invariant", weight=2, apply=invisible),
)
