"""The path as code. Comes in: what a way in was asked for. Goes out: what the stages made of it, kept.

    workspace.py  the mirrors, which are the truth, and the store over them; beside it what every room shares
    files.py      whole verbs on plain files, without a workspace
    the rooms     the arrows of a workspace, from the store through a stage and back; each may use those before it:
                  review, ship, plan, produce, trust

Stages never meet; here they hand each other nouns. What this room does not know: how a stage does its work, and how
anything is shown.
"""
