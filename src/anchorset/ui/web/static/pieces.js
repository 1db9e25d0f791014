// What the pages on versions, runs, audits and outcomes share. Text always goes in as text.
import { get } from "./api.js";
import { drawCase, drawNear, drawSide } from "./case.js";
import { fill, h } from "./dom.js";

export const stage = document.getElementById("stage");
export const number = (n) => (n === null || n === undefined ? "–" : n.toLocaleString("en"));
export const when = (at) => (at ? at.slice(0, 16).replace("T", " ") : "");
export const words = (name) => name.replaceAll("_", " ");
export const part = () => decodeURIComponent(location.pathname.split("/")[2] ?? "");
export const asked = (name) => new URLSearchParams(location.search).get(name) ?? "";
export const toDataset = (ref) => h("a", { href: `/datasets/${encodeURIComponent(ref)}` }, ref);
export const toRun = (run, text = run) => h("a", { href: `/runs/${encodeURIComponent(run)}` }, text);

// A share 0-1 as `61.3 %`: one decimal, as the command line says it.
export function rate(value) {
  return value === null || value === undefined ? "–" : `${(value * 100).toFixed(1)}\u00a0%`;
}

export function points(delta) {
  const value = Math.round(delta * 1000) / 10;
  return `${value > 0 ? "+" : ""}${value.toFixed(1)}`;
}

const TONES = { yes: "good", pass: "good", PASS: "good", healthy: "good", passed: "good", better: "good",
  no: "bad", fail: "bad", BLOCK: "bad", drifted: "bad", failed: "bad", error: "bad", worse: "bad", reject: "bad",
  unknown: "caution", warn: "caution", INCONCLUSIVE: "caution", inconclusive: "caution" };

export function badge(word, text = words(word)) {
  return h("span", { class: `badge ${TONES[word] ?? "muted"}` }, text);
}

export function table(head, rows, { caption = null, name = "" } = {}) {
  const cell = (value, nth) => (value instanceof HTMLTableCellElement ? value
    : h("td", { class: head[nth]?.number ? "number" : null }, value));
  return h("div", { class: "scroll", tabindex: "0" }, h("table", { class: `plain ${name}` }, caption && h("caption", {}, caption),
    h("thead", {}, h("tr", {}, head.map((one) => h("th", { scope: "col", class: one.number ? "number" : null }, one.number ?? one)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map(cell))))));
}

export const n = (name) => ({ number: name });

export function box(value, label) {
  return h("div", { class: "number-box" }, h("strong", {}, value), h("span", {}, label));
}

// Pictures that an answer named, in groups by the section of the report they belong to.
export function pictures(drawn) {
  const groups = new Map();
  for (const one of drawn) groups.set(one.title, [...(groups.get(one.title) ?? []), one]);
  return Array.from(groups, ([title, ones]) => h("section", { class: "picture" }, h("h2", {}, title),
    h("figure", {}, h("div", { class: ones.length > 1 && ones[0].width < 400 ? "panels" : "plots", tabindex: "0" }, ones.map((one) =>
      h("img", { src: `/api/pictures/${one.name}`, alt: one.says, width: one.width, height: one.height, loading: "lazy" }))),
    ones[0].caption && h("figcaption", {}, ones[0].caption))));
}

// A choice of dataset versions; the newest unless the address names one. Returns the chosen one, "" when there is none.
export async function chooseDataset(form, changed) {
  const { datasets } = await get("/datasets");
  const refs = datasets.map((one) => `${one.name}@${one.version}`).reverse();
  const chosen = refs.includes(asked("dataset")) ? asked("dataset") : refs[0] ?? "";
  form.onsubmit = (event) => event.preventDefault();
  if (refs.length > 0) {
    fill(form, h("label", {}, "Version ", h("select", { name: "dataset", onchange: (event) => {
      history.replaceState(null, "", `?dataset=${encodeURIComponent(event.target.value)}`);
      changed(event.target.value);
    } }, refs.map((ref) => h("option", { value: ref, selected: ref === chosen }, ref)))));
  }
  return chosen;
}

export function none(title, text, code) {
  return h("div", { class: "empty" }, h("h2", {}, title), h("p", {}, text, code && " ", code && h("code", {}, code)));
}

// Runs `draw`; what it throws is said on the page.
export async function show(draw, place = stage) {
  place.setAttribute("aria-busy", "true");
  try {
    fill(place, await draw());
  } catch (error) {
    fill(place, h("p", { class: "error", role: "alert" }, error.message));
  }
  place.setAttribute("aria-busy", "false");
}

export function pager(total, offset, size, what, turn) {
  const last = Math.min(offset + size, total);
  return h("p", { class: "pager" },
    h("span", { class: "total" }, total === 0 ? `No ${what} fits.` : `${number(offset + 1)}–${number(last)} of ${number(total)}`),
    total > size && h("button", { type: "button", disabled: offset === 0, onclick: () => turn(Math.max(0, offset - size)) }, "Before"),
    total > size && h("button", { type: "button", disabled: last >= total, onclick: () => turn(offset + size) }, "Next"));
}

export async function openCase(id, content) {
  const dialog = document.getElementById("one");
  const close = () => h("form", { method: "dialog", class: "close" }, h("button", {}, "Close ", h("kbd", {}, "Esc")));
  try {
    const one = await get(`/cases/${encodeURIComponent(id)}`, { content });
    fill(dialog, close(), h("div", { class: "two" }, h("div", {}, drawCase(one), one.reviews.length > 0 && h("section", { class: "said" },
      h("h2", {}, "Decided"), h("ul", {}, one.reviews.map((said) => h("li", {},
        `${said.decision}${said.reason ? ` (${words(said.reason)})` : ""} by ${said.reviewer}, ${when(said.at)}`))))), drawSide(one)));
    if (!dialog.open) dialog.showModal();
    dialog.scrollTo(0, 0);
    drawNear(dialog.querySelector("[data-near]"), await get(`/cases/${encodeURIComponent(id)}/near`, { content }), one.parents.map((parent) => parent.id));
  } catch (error) {
    fill(dialog, close(), h("p", { class: "error" }, error.message));
    if (!dialog.open) dialog.showModal();
  }
}
