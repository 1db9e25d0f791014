// What reviewers disagree about: a list, and one of them with its case. Nobody is told what was said before their own word.
import { REASONS } from "./actions.js";
import { get, post, requestId } from "./api.js";
import { drawCase, drawSide } from "./case.js";
import { count, fill, h, toast } from "./dom.js";
import { openEditor } from "./editor.js";
import { listen } from "./keys.js";

const stage = document.getElementById("stage");
const actions = document.getElementById("actions");
const nice = (word) => word.replaceAll("_", " ");
let mode = "list", current = null;

async function list() {
  mode = "list";
  actions.hidden = true;
  stage.className = "";
  const { disagreements } = await get("/disagreements");
  fill(stage, disagreements.length === 0 ? h("div", { class: "empty" }, h("h2", {}, "Reviewers disagree about nothing"), h("p", {}, h("a", { href: "/progress" }, "See the progress")))
    : [h("p", { class: "quiet" }, count(disagreements.length, "case")), h("ol", { class: "disagreements" }, disagreements.map((one) => h("li", {},
      h("button", { type: "button", class: "plain", onclick: () => open(one.content) }, one.text || one.case),
      h("p", { class: "quiet" }, `${one.bucket} · ${one.people} words`, one.mine ? " · yours is one of them" : ""),
      words(one))))]);
  stage.setAttribute("aria-busy", "false");
}

function words(one) {
  if (one.words === null) return null;
  return h("ul", { class: "words" }, one.words.map((word) => h("li", {}, h("strong", {}, word.reviewer), " ",
    h("span", { class: `tag ${word.decision}` }, { approve: "approves", edit: "edits", reject: "rejects" }[word.decision]), word.reason && ` ${nice(word.reason)}`)));
}

async function open(content, opened = false) {
  const one = await get(`/disagreements/${encodeURIComponent(content)}`, { opened: opened || null }).catch((error) => toast(error.message, "bad"));
  if (!one) return list();
  current = one;
  stage.className = "two";
  const side = drawSide(one.shown);
  side.querySelector("[data-near]").parentElement.remove();
  side.prepend(h("section", {}, h("h2", {}, "What was said"), one.words ? words(one)
    : h("p", { class: "quiet" }, "Hidden until your own word.", one.may_settle && [" ", h("button", { type: "button", class: "plain", onclick: () => open(content, true) }, "Show, and settle it")])));
  fill(stage, drawCase(one.shown), side);
  go("decide");
  window.scrollTo(0, 0);
}

function go(to) {
  mode = to;
  if (to !== "edit") document.getElementById("editor")?.remove();
  draw();
}

function draw() {
  // Who knows what was said settles, when they may; who does not decides as anybody would.
  const button = (label, key, act, extra = {}) => h("button", { type: "button", onclick: act, ...extra }, label, key && [" ", h("kbd", {}, key)]);
  actions.hidden = mode === "edit";
  const back = button("Back to the list", "Esc", list, { class: "plain" });
  if (!may()) return fill(actions, h("span", { class: "quiet" }, "You have decided; a third one or an owner ends it."), back);
  if (mode === "reject") {
    return fill(actions, h("div", { class: "reasons", role: "group", "aria-label": "Why is it rejected?" }, h("span", {}, "Reject because:"),
      REASONS.map((reason, at) => button(nice(reason), String(at + 1), () => decide("reject", { reason }))), button("Not after all", "Esc", () => go("decide"), { class: "plain" })));
  }
  const settled = current.words !== null;
  return fill(actions, button(settled ? "Keep it: settled" : "Approve", "a", () => decide("approve"), { class: "good" }), button("Edit", "e", edit),
    button(settled ? "Reject it: settled …" : "Reject …", "x", () => go("reject"), { class: "bad" }), back);
}

const may = () => current.words === null || current.may_settle;

function edit() {
  go("edit");
  openEditor(stage.querySelector("article"), current.shown, { seeds: false, save: (changes) => decide("edit", { changes }), approve: () => decide("approve"), cancel: () => go("decide") });
}

async function decide(decision, { reason = null, changes = null } = {}) {
  const one = current, settles = one.words !== null;
  const said = { request: requestId(), content: one.content, decision, reason, changes };
  const done = await (settles ? post("/settle", said) : post("/decide", { ...said, case: one.case, lane: one.lane })).catch((error) => toast(error.message, "bad"));
  if (!done) return;
  toast(settles ? "Settled" : "Your word is kept");
  await list();
  stage.querySelector(".disagreements button")?.focus();
}

function beside(step) {
  const rows = [...stage.querySelectorAll(".disagreements button")];
  rows[Math.min(rows.length - 1, Math.max(0, rows.indexOf(document.activeElement) + step))]?.focus();
}

const deciding = (act) => () => { if (mode === "decide" && may()) act(); };
listen({
  mode: () => mode,
  number: (n) => { if (mode === "reject" && REASONS[n - 1]) decide("reject", { reason: REASONS[n - 1] }); },
  Escape: () => { if (mode === "reject") go("decide"); else if (mode === "decide") list(); },
  a: deciding(() => decide("approve")), e: deciding(edit), x: deciding(() => go("reject")),
  j: () => { if (mode === "list") beside(1); }, k: () => { if (mode === "list") beside(-1); },
});
list().catch((error) => { fill(stage, h("p", { class: "error" }, error.message)); stage.setAttribute("aria-busy", "false"); });
