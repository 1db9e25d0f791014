"""The command line: one thin file per verb. Comes in: arguments. Goes out: text, JSON on stdout, an exit code.

Verbs import the product when they run, so `--help` stays quick.
What this room does not know: how anything is made or judged.
"""
