"""`json_schema`: the answer is JSON of a given form.

What this module does not know: how a runaway schema is stopped.
"""

from __future__ import annotations

import json
from typing import ClassVar, Self

from jsonschema import SchemaError
from jsonschema.validators import validator_for
from pydantic import Field, JsonValue

from anchorset.core.case import Case
from anchorset.core.errors import ConfigError
from anchorset.core.inert import short
from anchorset.core.run import Score
from anchorset.trust.run.answer import Answer, CallError
from anchorset.trust.run.evaluators.evaluator import Evaluator, Means

COMPLAINT = "anchorset.trust.run.evaluators.guarded:complaint"


class JsonSchema(Evaluator):
    """The answer is valid JSON of a given form.

    What it looks at: the answer, read as JSON when it is a text, against the schema in `schema` or in a `file`.
    References to other documents are not fetched.
    Why it matters: an answer that a program reads has to have the form that the program reads.
    Example that fails: `Sure! {"action": "refund"}`: there is a word before the JSON.
    How to fix it: mend the application, or say `fenced: true` when a Markdown fence around the JSON is fine.
    """

    code: ClassVar[str] = "json_schema"
    version: ClassVar[int] = 1

    schema_: dict[str, JsonValue] | None = Field(default=None, alias="schema")
    file: str | None = None
    """Of the workspace; None: `schema` has it."""
    fenced: bool = False
    """Whether a Markdown fence around the JSON is taken off first."""
    timeout_seconds: float = Field(default=5, gt=0)

    def resolved(self, means: Means) -> Self:
        if (self.schema_ is None) == (self.file is None):
            raise ConfigError("`evaluators.json_schema` needs exactly one of `schema` and `file`.")
        schema: JsonValue = self.schema_
        if self.file is not None:
            try:
                schema = json.loads((means.folder / self.file).read_text(encoding="utf-8-sig"))
            except (OSError, ValueError, RecursionError) as error:
                raise ConfigError(
                    f"`evaluators.json_schema.file` is {self.file!r}, which cannot be read as JSON ({error}); mend it."
                ) from None
        try:
            if not isinstance(schema, dict):
                raise SchemaError("it is no JSON object")
            validator_for(schema).check_schema(schema)
        except SchemaError as error:
            raise ConfigError(f"`evaluators.json_schema`: the schema is none ({error.message}); mend it.") from None
        return self.model_copy(update={"schema_": schema})

    async def judge(self, case: Case, answer: Answer, means: Means) -> Score:
        value = answer.output
        if isinstance(value, str):
            try:
                value = json.loads(_unfenced(value) if self.fenced else value)
            except (ValueError, RecursionError) as error:
                return self.said(False, f"the answer is no JSON ({short(str(error), 80)})")
        try:
            wrong = await means.guarded(COMPLAINT, [self.schema_, value], self.timeout_seconds)
        except CallError as error:
            return self.said(None, f"the schema could not be held against it: {short(error.error, 120)}")
        return self.said(wrong is None, None if wrong is None else short(str(wrong), 160))


def _unfenced(text: str) -> str:
    lines = text.strip().splitlines()
    fenced = len(lines) > 1 and lines[0].startswith("```") and lines[-1].strip() == "```"
    return "\n".join(lines[1:-1]) if fenced else text
