from __future__ import annotations

import pytest

from anchorset.core.errors import ConfigError
from anchorset.infra.text.prompt_file import digest_of, prompt_file

BLOCKS = "out{% block system %} You are {{ who }}. {% endblock %}out{% block user %}\nSay {{ what }}.\n{% endblock %}"
RULED = "You are {{ who }}.\n---\n{% if what %}\nSay {{ what }}.\n{% endif %}\n"
VALUES = {"who": "Kim", "what": "{{ who }}"}


@pytest.mark.parametrize("source", [BLOCKS, RULED])
def test_either_form_gives_the_same_two_messages_and_a_value_is_never_a_template(source: str) -> None:
    lines = prompt_file("x", source, known=VALUES).lines(VALUES)
    assert [(line.role, line.content) for line in lines] == [
        ("system", "You are Kim."), ("user", "Say {{ who }}.")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("just text", "no block 'system'"), ("{% block user %}a{% endblock %}", "no block 'system'"),
        ("a\n---\n{{ whom }}", "did you mean 'who'"), ("a\n---\n{% if %}", "line 3"),
        ("a\n---\n{% include 'b' %}", "'b', which is no prompt"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_name(source: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        prompt_file("x", source, known=VALUES)
    assert "prompts/x.md" in str(caught.value)


@pytest.mark.parametrize("harm", ["{{ ''.__class__.__mro__ }}", "{% for a in range(9999999999) %}x{% endfor %}"])
@pytest.mark.parametrize(
    "form", ["a\n---\n{}", "{{% block system %}}{{% endblock %}}{{% block user %}}{}{{% endblock %}}"]
)
def test_a_template_stays_in_its_sandbox(form: str, harm: str) -> None:
    with pytest.raises(ConfigError, match="cannot be filled for case c_1"):
        prompt_file("x", form.format(harm)).lines(VALUES, case="c_1")


def test_a_part_that_changes_changes_the_name_of_what_includes_it() -> None:
    one, other = ({"x": "a\n---\n{% include 'b' %}", "b": text} for text in ("one", "other"))
    assert digest_of("x", one) != digest_of("x", other)
    file = prompt_file("x", one["x"], parts=one)
    assert file.label == f"x@{digest_of('x', one)}"
    assert file.lines({})[1].content == "one"


def test_without_a_rule_all_of_it_is_the_users_message_where_that_will_do() -> None:
    assert [line.role for line in prompt_file("x", "hi", both=False).lines({})] == ["user"]
