"""A deliberately naive synthetic set: 200 polite messages off one template (greeting, request, reason, thanks).

It shows what a generator left to its own habits hands over: one register, one length, and the word "refund" in all but
two messages. A program wrote it, so its technique is `template`. No randomness: the same rows every time.
"""

from __future__ import annotations

from anchorset.examples.refund_bot.seeds import Row

GREETINGS = ("Hi,", "Hello,", "Good morning,", "Dear support team,", "Good afternoon,", "Hello there,", "Hi team,")
CLOSINGS = (
    "Could you process this for me? Thanks!",
    "Please assist. Thank you.",
    "Kindly help. Best regards.",
    "I would appreciate your help. Thank you!",
    "Please let me know the next steps. Thanks in advance.",
)
REQUESTS = {
    "new_customer": "I'd like to request a refund for my recent order #{order}",
    "power_user": "I would like a refund for order #{order}",
    "enterprise_buyer": "on behalf of our company I am requesting a refund for order #{order}",
    "angry_escalator": "I am disappointed and would like to request a refund for order #{order}",
}
WITHOUT_THE_WORD = "I would like to be reimbursed for order #{order}"
ITEMS = ("lamp", "headphones", "jacket", "coffee maker", "keyboard", "backpack", "monitor", "desk chair", "blender")
REASONS: dict[str, tuple[str, ...]] = {
    "delay": (
        "due to a delivery delay",
        "because it arrived {n} days late",
        "as the package was delayed",
        "because it did not arrive on time",
        "since the shipment is overdue",
        "because my {item} has not arrived yet",
        "as the estimated delivery date has passed",
        "due to late delivery",
        "because the {item} is {n} days late",
        "as it was not delivered on time",
    ),
    "damaged": (
        "because the {item} arrived damaged",
        "since the {item} was broken upon arrival",
        "due to damage during shipping",
        "because the {item} is defective",
        "as the {item} arrived cracked",
        "because the {item} does not work",
        "since the box and the {item} were damaged",
        "because the {item} stopped working after one day",
        "as the {item} arrived with scratches",
        "due to a manufacturing fault",
    ),
    "wrong_item": (
        "because I received the wrong {item}",
        "since the {item} I received is not what I ordered",
        "because the wrong size was delivered",
        "as the {item} is not as described",
        "because I received a different color",
        "due to an incorrect item being shipped",
        "because I was sent a different {item}",
        "since the wrong product was delivered",
        "as someone else's {item} was in the box",
        "because the {item} is the wrong color",
    ),
    "remorse": (
        "because I changed my mind",
        "as I no longer need the {item}",
        "since the {item} did not meet my expectations",
        "because I found it cheaper elsewhere",
        "as I ordered it by mistake",
        "because I no longer require the {item}",
        "since I do not like the {item}",
        "because I bought it by accident",
        "as I do not need the {item} anymore",
        "because the {item} is too big for my home",
    ),
    "outside_window": (
        "although I purchased the {item} {n} months ago",
        "although I understand the 30 day return window has passed",
        "although I bought the {item} 60 days ago",
        "even though the return period has expired",
        "although the {item} was delivered 45 days ago",
        "although I know the return window is closed",
        "although the {item} was purchased last year",
        "although the return deadline has passed",
        "although it has been over {n} months",
        "although I am aware that it is past the 30 days",
    ),
}
EXPECTED = {
    "delay": "approve",
    "damaged": "approve_photo",
    "wrong_item": "approve_label",
    "remorse": "ask",
    "outside_window": "decline",
}


def naive_rows() -> list[Row]:
    """200 rows, ten in each of the 20 cells of user type by policy, ids `naive-001` to `naive-200`."""
    cells = [(user, policy, reason) for user in REQUESTS for policy in REASONS for reason in REASONS[policy]]
    return [_row(number, user, policy, reason) for number, (user, policy, reason) in enumerate(cells, start=1)]


def _row(number: int, user: str, policy: str, reason: str) -> Row:
    request = WITHOUT_THE_WORD if number % 100 == 0 else REQUESTS[user]
    sentence = f"{request} {reason}.".format(
        order=1000 + 7919 * number % 9000, n=2 + number % 7, item=ITEMS[number % len(ITEMS)]
    )
    return Row(
        id=f"naive-{number:03d}",
        text=f"{GREETINGS[number % len(GREETINGS)]} {sentence} {CLOSINGS[number % len(CLOSINGS)]}",
        expected=EXPECTED[policy],
        user_type=user,
        policy=policy,
    )
