// Metadata of one case, set by hand: axis values from the configuration, other names freely. The last change comes back.
import { get, post, requestId } from "./api.js";
import { fill, h, toast } from "./dom.js";

export async function openMetadata(one, { changed }) {
  const dialog = document.getElementById("metadata") ?? document.body.appendChild(h("dialog", { id: "metadata", "aria-labelledby": "metadata-title" }));
  let found;
  try {
    found = await get(`/cases/${encodeURIComponent(one.id)}/metadata`);
  } catch (error) {
    toast(error.message, "bad");
    return;
  }
  const fields = [];
  const others = Object.entries(found.values).filter(([name]) => !(name in found.axes));
  const rows = h("div", { class: "pairs" }, Object.entries(found.axes).map(([axis, values]) => axisRow(axis, values, found.values[axis] ?? "", fields)),
    others.map(([name, value]) => freeRow(name, String(value ?? ""), fields)));
  const form = h("form", { class: "editor" },
    h("h2", { id: "metadata-title" }, "Metadata of this case"), rows,
    h("p", {}, h("button", { type: "button", class: "plain", onclick: () => { const row = freeRow("", "", fields); rows.append(row); row.querySelector("input").focus(); } }, "Another name")),
    found.said.length > 0 && h("details", {}, h("summary", {}, "Set by hand"), h("ul", {}, found.said.map((said) => h("li", {},
      `${said.reviewer}, ${said.at.slice(0, 16).replace("T", " ")}: `, Object.entries(said.metadata).map(([name, value]) => `${name} = ${value ?? "nothing"}`).join(", "))))),
    h("div", { class: "row" }, h("button", { class: "good" }, "Save ", h("kbd", {}, "Ctrl"), h("kbd", {}, "Enter")),
      found.mine && h("button", { type: "button", onclick: () => back() }, "Take my last change back"),
      h("button", { type: "button", class: "plain", onclick: () => dialog.close() }, "Cancel ", h("kbd", {}, "Esc"))));

  const done = async (work, words) => {
    try {
      await work();
    } catch (error) {
      toast(error.message, "bad");
      return;
    }
    dialog.close();
    toast(words);
    changed();
  };
  const back = () => done(() => post("/metadata/undo", { request: requestId(), case: one.id }), "Taken back");
  const save = () => {
    const metadata = {};
    for (const { name, value, was } of fields.map((field) => field())) {
      if (name && value !== was) metadata[name] = value === "" ? null : value;
    }
    if (Object.keys(metadata).length === 0) return dialog.close();
    done(() => post("/metadata", { request: requestId(), case: one.id, metadata }), "Metadata set");
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
  form.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); save(); } });
  fill(dialog, form);
  dialog.showModal();
  form.querySelector("select, input")?.focus();
}

function axisRow(axis, values, was, fields) {
  const select = h("select", {}, h("option", { value: "" }, "none"), (values.includes(was) || was === "" ? values : [was, ...values])
    .map((value) => h("option", { value, selected: value === was }, value)));
  fields.push(() => ({ name: axis, value: select.value, was }));
  return h("label", {}, axis.replaceAll("_", " "), select);
}

function freeRow(name, was, fields) {
  const key = name ? null : h("input", { "aria-label": "Name", placeholder: "name", maxlength: 100 });
  const value = h("input", { value: was, "aria-label": name || "Value", placeholder: "value", maxlength: 1000 });
  fields.push(() => ({ name: name || key.value.trim(), value: value.value.trim(), was }));
  return name ? h("label", {}, name, value) : h("div", { class: "row" }, key, value);
}
