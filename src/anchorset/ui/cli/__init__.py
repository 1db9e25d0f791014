"""The command line: one thin file per verb. Comes in: arguments. Goes out: text on a terminal, JSON on stdout, an exit code.

What this room does not know: how anything is made or judged. Verbs import the product when they run, so `--help` stays quick.
"""
