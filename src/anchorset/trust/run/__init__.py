"""The application under test, asked every case, and its answers judged: one row a (case, repeat), whatever happens.

    targets/      how an application is called: python, http, chat, command
    evaluators/   what scores an answer, one small file each
    workers/      the processes of ours in which code of others runs, so that it can be killed

Comes in: cases, one target, evaluators. Goes out: core.run.Result rows, each as it lands.
What this room does not know: where rows are kept, what a verdict is, the terminal.
"""
