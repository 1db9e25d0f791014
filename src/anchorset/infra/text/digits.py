"""Digits of any script as ASCII, and the arithmetic that tells a real number from a random one.

What this module does not know: what a number is used for.
"""

from __future__ import annotations

import unicodedata

GAP = "[ \\-\u00a0\u2009\u200b-\u200d\u2010-\u2013\u202f\u2060\ufeff]"
"""What people and hostile writers put between two digits of one number, invisible characters too."""


def digits_of(text: str) -> str:
    """The decimal digits in `text` as ASCII: fullwidth, Arabic and mathematical ones too."""
    if text.isascii():
        return "".join(filter(str.isdigit, text))
    return "".join(str(unicodedata.decimal(char)) for char in text if char.isdecimal())


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B: doubling every second digit from the right, the sum of digits divides by 10."""
    doubled = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
    return (sum(map(int, digits[-1::-2])) + sum(doubled[int(digit)] for digit in digits[-2::-2])) % 10 == 0


def mod_97(account: str) -> int:
    """ISO 7064 MOD 97-10 of an IBAN with its first four characters moved behind; 1 when it is right."""
    return int("".join(str(int(char, 36)) for char in account[4:] + account[:4])) % 97
