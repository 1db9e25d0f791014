"""`python -m anchorset.examples.refund_bot`: both bots on both sets, as shares of rows answered as expected (0-1)."""

from anchorset.examples.refund_bot import bots
from anchorset.examples.refund_bot.naive import naive_rows
from anchorset.examples.refund_bot.seeds import seed_rows

print(f"{'rows':<7}{'n':>5}{'current':>10}{'next':>8}{'says refund':>14}")
for name, rows in (("seed", seed_rows()), ("naive", naive_rows())):
    n = len(rows)
    current = sum(bots.current(row["text"]) == row["expected"] for row in rows) / n
    candidate = sum(bots.next(row["text"]) == row["expected"] for row in rows) / n
    says = sum("refund" in row["text"].lower() for row in rows) / n
    print(f"{name:<7}{n:>5}{current:>10.3f}{candidate:>8.3f}{says:>14.3f}")
