"""The path as code. Comes in: what a way in was asked for. Goes out: what the stages made of it, kept.

    files.py      whole verbs on plain files, without a workspace
    the others    one arrow of a workspace each: from the store through a stage and back

Stages never meet; here they hand each other nouns. What this room does not know: how a stage does its work, and how
anything is shown.
"""
