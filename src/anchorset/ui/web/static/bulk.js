// Ticked cases, or all that fit: approved, rejected, put off or described in one go, after a question that names the number.
import { get, post, queryOf, requestId } from "./api.js";
import { count, fill, h, toast } from "./dom.js";
import { REASONS } from "./actions.js";

const WORDS = { approve: "approved", reject: "rejected", later: "marked for later", metadata: "changed" };

export const ticks = { chosen: new Map(), all: false };  // id -> content; or everything that fits the filter

export function drawBulk(bar, { total, waiting, wanted, choices, changed }) {
  const n = ticks.all ? total : ticks.chosen.size;
  bar.hidden = n === 0;
  if (n === 0) return;
  const button = (label, act, extra = {}) => h("button", { type: "button", onclick: act, ...extra }, label);
  const ask = (action, more = {}) => confirm_(action, { total, waiting, wanted, changed, ...more });
  const reasons = h("select", { "aria-label": "Reason", onchange: (event) => { if (event.target.value) ask("reject", { reason: event.target.value }); event.target.value = ""; } },
    h("option", { value: "" }, "Reject because …"), REASONS.map((reason) => h("option", { value: reason }, reason.replaceAll("_", " "))));
  fill(bar,
    h("span", {}, ticks.all ? `All ${count(total, "case")} that fit` : `${count(n, "case")} ticked`),
    button("Approve", () => ask("approve"), { class: "good" }), reasons, button("Later", () => ask("later")),
    button("Set metadata", () => chooseMetadata(choices, (metadata) => ask("metadata", { metadata }))),
    button("Untick", () => { ticks.chosen.clear(); ticks.all = false; changed(); }, { class: "plain" }));
}

function confirm_(action, { total, waiting, wanted, reason, metadata, changed }) {
  const all = ticks.all;
  const n = !all ? ticks.chosen.size : action === "metadata" ? total : waiting;
  if (n === 0) return toast("None of these waits for you");
  const what = { approve: "Approve", reject: `Reject as ${reason?.replaceAll("_", " ")}:`, later: "Mark for later:", metadata: `Set ${Object.entries(metadata ?? {}).map(([name, value]) => `${name} = ${value ?? "nothing"}`).join(", ")} on` }[action];
  ask(`${what} ${count(n, "case")}?`,
    all && action !== "metadata" && total > n ? `${count(total, "case")} fit; ${n.toLocaleString("en")} of them ${n === 1 ? "waits" : "wait"} for you. What is decided or a real case stays as it is.` : "One undo takes all of it back.",
    async () => {
      const body = { request: requestId(), action, reason: reason ?? null, metadata: metadata ?? {},
        ...(all ? { all: true, expect: n } : { cases: [...ticks.chosen].map(([id, content]) => ({ case: id, content })) }) };
      const said = await post(`/bulk${all ? queryOf(wanted) : ""}`, body);
      ticks.chosen.clear();
      ticks.all = false;
      changed(said.undo && { ...said.undo, done: said.done });
      if (said.refused_n > 0) showRefused(said);
      else toast(`${count(said.done, "case")} ${WORDS[action]}${said.same ? `, ${said.same.toLocaleString("en")} were so before` : ""}`);
    });
}

function dialog() {
  return document.getElementById("bulk") ?? document.body.appendChild(h("dialog", { id: "bulk", "aria-labelledby": "bulk-title" }));
}

export function ask(title, words, act, inside = null) {
  const box = dialog();
  const form = h("form", { class: "editor" }, h("h2", { id: "bulk-title" }, title), words && h("p", { class: "quiet" }, words), inside,
    h("div", { class: "row" }, h("button", { class: "good" }, "Yes"), h("button", { type: "button", class: "plain", onclick: () => box.close() }, "No ", h("kbd", {}, "Esc"))));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    form.querySelector("button").disabled = true;
    try {
      box.close();
      await act(form);
    } catch (error) {
      toast(error.message, "bad");
    }
  });
  fill(box, form);
  box.showModal();
  form.querySelector("input, select, button").focus();
}

function chooseMetadata(choices, act) {
  const name = h("input", { name: "name", list: "axes", required: true, maxlength: 100, "aria-label": "Name", placeholder: "name" });
  const value = h("input", { name: "value", list: "values", maxlength: 1000, "aria-label": "Value", placeholder: "value; empty takes it away" });
  const axes = [...new Set(choices.axis.map((one) => one.slice(0, one.indexOf("="))))];
  const values = h("datalist", { id: "values" });
  name.addEventListener("input", () => fill(values, choices.axis.filter((one) => one.startsWith(`${name.value}=`)).map((one) => h("option", { value: one.slice(one.indexOf("=") + 1) }))));
  ask("Which metadata?", null, () => act({ [name.value.trim()]: value.value.trim() || null }),
    h("div", { class: "row" }, name, value, h("datalist", { id: "axes" }, axes.map((axis) => h("option", { value: axis }))), values));
}

function showRefused(said) {
  const box = dialog();
  fill(box, h("h2", { id: "bulk-title" }, `${count(said.done, "case")} done, ${said.refused_n.toLocaleString("en")} refused`),
    h("ul", {}, said.refused.map((one) => h("li", {}, h("code", {}, one.case), `: ${one.why}`))),
    said.refused_n > said.refused.length && h("p", { class: "quiet" }, `and ${(said.refused_n - said.refused.length).toLocaleString("en")} more`),
    h("form", { method: "dialog" }, h("button", {}, "Close")));
  box.showModal();
}

export async function lastGo() {
  // What this reviewer did in one go last: it can be taken back after a reload too.
  const { last } = await get("/bulk/last").catch(() => ({ last: null }));
  return last;
}

export function drawUndo(line, undo, changed) {
  line.hidden = !undo;
  if (!undo) return;
  const said = undo.action === "quarantine" ? `Run ${undo.run} is put aside.` : `${count(undo.done ?? undo.cases?.length ?? 0, "case")} ${WORDS[undo.action]} in one go.`;
  fill(line, `${said} `, h("button", { type: "button", onclick: async () => {
    try {
      const { action, together = null, cases = [], run } = undo;
      if (action === "quarantine") await post("/quarantine", { request: requestId(), run, lifted: true });
      else await post("/bulk/undo", { request: requestId(), action, together, cases });
      toast("Taken back");
      changed(null);
    } catch (error) {
      toast(error.message, "bad");
    }
  } }, "Undo"));
}
