// A row of filters that stand in the address, so that a link can carry them.
import { get } from "./api.js";
import { fill, h } from "./dom.js";

export const NAMES = ["bucket", "cell", "status", "check", "persona", "difficulty", "axis", "text", "decided", "counting", "real", "reviewer", "reason", "run", "like", "like_case", "within"];
const HIDDEN = ["decided", "counting", "real", "reviewer", "reason", "run", "like_case"];

export function fromAddress() {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ""]).filter(([, value]) => value !== ""));
}

export function toAddress(wanted, extra = {}) {
  const query = new URLSearchParams({ ...wanted, ...extra });
  const text = query.toString();
  history.replaceState(null, "", text ? `?${text}` : location.pathname);
}

export async function drawFilters(form, wanted, { without = [], changed, alike = false }) {
  const choices = await get("/filters");
  const fields = ["bucket", "cell", "status", "check", "persona", "difficulty", "axis"]
    .filter((name) => !without.includes(name) && choices[name].length > (name === "axis" || name === "check" ? 0 : 1));
  const now = { ...wanted };
  const read = () => {
    for (const field of form.querySelectorAll("[name]")) {
      if (field.value) now[field.name] = field.value;
      else delete now[field.name];
    }
    changed({ ...now });
  };
  let waiting;
  fill(form,
    h("label", { class: "wide" }, "Text", h("input", { name: "text", type: "search", value: now.text ?? "", oninput: () => { clearTimeout(waiting); waiting = setTimeout(read, 200); } })),
    alike && h("label", { class: "wide" }, "Like this text", h("input", { name: "like", type: "search", value: now.like ?? "", oninput: () => { clearTimeout(waiting); waiting = setTimeout(() => { delete now.like_case; form.querySelector("[data-hidden=like_case]")?.remove(); read(); }, 300); } })),
    alike && h("label", {}, "At the most this far", h("input", { name: "within", type: "number", min: 0, max: 2, step: 0.05, placeholder: "0–2", value: now.within ?? "", onchange: read })),
    fields.map((name) => h("label", {}, { bucket: "From", check: "Check that hit", axis: "Axis value" }[name] ?? name[0].toUpperCase() + name.slice(1),
      h("select", { name, onchange: read }, h("option", { value: "" }, "any"),
        choices[name].map((value) => h("option", { value, selected: now[name] === value }, value))))),
    HIDDEN.filter((name) => now[name]).map((name) => h("button", { type: "button", class: "tag", "data-hidden": name, title: "Take this filter away",
      onclick: (event) => { delete now[name]; event.currentTarget.remove(); read(); } }, `${name}: ${now[name]} ✕`)),
    h("button", { type: "button", class: "plain", onclick: () => { for (const name of NAMES) delete now[name]; form.reset();
      for (const field of form.querySelectorAll("[name]")) field.value = ""; for (const one of form.querySelectorAll("button.tag")) one.remove(); read(); } }, "Clear"));
  form.onsubmit = (event) => { event.preventDefault(); read(); };
}
