// What reviewers disagree about: a list, and one of them with its case. Nobody is told what was said before their own word.
import { REASONS } from "./actions.js";
import { get, post, requestId } from "./api.js";
import { drawCase, drawSide } from "./case.js";
import { count, fill, h, toast } from "./dom.js";

const stage = document.getElementById("stage");
const actions = document.getElementById("actions");
const nice = (word) => word.replaceAll("_", " ");

async function list() {
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
  stage.className = "two";
  const side = drawSide(one.shown);
  side.querySelector("[data-near]").parentElement.remove();
  side.prepend(h("section", {}, h("h2", {}, "What was said"), one.words ? words(one)
    : h("p", { class: "quiet" }, "Hidden until your own word.", one.may_settle && [" ", h("button", { type: "button", class: "plain", onclick: () => open(content, true) }, "Show, and settle it")])));
  fill(stage, drawCase(one.shown), side);
  draw(one, false);
  window.scrollTo(0, 0);
}

function draw(one, why) {
  // Who knows what was said settles, when they may; who does not decides as anybody would.
  const settles = one.words !== null;
  const say = (decision, reason = null) => decide(one, decision, reason, settles);
  const button = (label, act, extra = {}) => h("button", { type: "button", onclick: act, ...extra }, label);
  actions.hidden = false;
  const back = button("Back to the list", list, { class: "plain" });
  if (settles && !one.may_settle) return fill(actions, h("span", { class: "quiet" }, "You have decided; a third one or an owner ends it."), back);
  if (why) {
    return fill(actions, h("div", { class: "reasons", role: "group", "aria-label": "Why is it rejected?" }, h("span", {}, "Reject because:"),
      REASONS.map((reason) => button(nice(reason), () => say("reject", reason))), button("Not after all", () => draw(one, false), { class: "plain" })));
  }
  return fill(actions, button(settles ? "Keep it: settled" : "Approve", () => say("approve"), { class: "good" }),
    button(settles ? "Reject it: settled …" : "Reject …", () => draw(one, true), { class: "bad" }), back);
}

async function decide(one, decision, reason, settles) {
  const said = { request: requestId(), content: one.content, decision, reason };
  const done = await (settles ? post("/settle", said) : post("/decide", { ...said, case: one.case, lane: one.lane })).catch((error) => toast(error.message, "bad"));
  if (!done) return;
  toast(settles ? "Settled" : "Your word is kept");
  await list();
}

list().catch((error) => { fill(stage, h("p", { class: "error" }, error.message)); stage.setAttribute("aria-busy", "false"); });
