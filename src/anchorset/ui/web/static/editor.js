// The form in which a case is edited. Only what was changed is sent.
import { h, toast } from "./dom.js";

export function openEditor(after, one, { seeds, save, approve, cancel }) {
  document.getElementById("editor")?.remove();
  const raw = one.raw;
  const text = (name, value, rows) => h("textarea", { id: `edit-${name}`, name, rows, spellcheck: "true", dir: "auto" }, value);
  const fields = {
    input: text("input", raw.input, Math.min(14, Math.max(3, raw.input.split("\n").length + 1))),
    expected: text("expected", raw.expected, 3),
    criteria: text("criteria", raw.criteria.join("\n"), Math.max(3, raw.criteria.length + 1)),
  };
  for (const field of Object.values(fields)) field.was = field.value;
  const label = (name, words, hint) => [h("label", { for: `edit-${name}` }, words, hint && h("span", { class: "quiet" }, ` ${hint}`)), fields[name]];
  const form = h("form", { id: "editor", class: "editor", "aria-label": "Edit the case" },
    seeds ? null : label("input", one.kind === "text" ? "What the user says" : "Input", one.kind === "text" ? null : "(JSON)"),
    label("expected", "Expected answer", typeof one.expected === "object" && one.expected !== null ? "(JSON)" : null),
    label("criteria", "What a good answer does", "one a line"),
    seeds ? h("details", {}, h("summary", {}, "Change what the user said"), label("input", "Input")) : null,
    h("div", { class: "row" },
      h("button", { class: "good" }, seeds ? "Save" : "Save and approve", " ", h("kbd", {}, "Ctrl"), h("kbd", {}, "Enter")),
      h("button", { type: "button", class: "plain", onclick: cancel }, "Cancel ", h("kbd", {}, "Esc"))));

  const done = () => {
    const changes = {};
    try {
      for (const [name, field] of Object.entries(fields)) {
        if (field.value === field.was) continue;
        changes[name] = name === "criteria" ? field.value.split("\n").map((line) => line.trim()).filter(Boolean)
          : name === "input" ? (one.kind === "text" ? field.value : JSON.parse(field.value))
            : field.value === "" ? null : valueOf(field.value, one.expected);
      }
    } catch (error) {
      toast(`That is not valid JSON: ${error.message}`, "bad");
      return;
    }
    if (Object.keys(changes).length > 0) save(changes);
    else if (seeds) toast("Say what a good answer is, or press Esc");
    else approve();
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); done(); });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); done(); }
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); cancel(); }
  });
  after.append(form);
  const first = seeds ? fields.expected : fields.input;
  first.focus();
  first.setSelectionRange(first.value.length, first.value.length);
  form.scrollIntoView({ block: "nearest" });
}

function valueOf(text, before) {
  return typeof before === "object" && before !== null ? JSON.parse(text) : text;
}
