// The queue: one case after another, decided by one key each. What is decided is shown at once and sent in order.
import { get, post, requestId } from "./api.js";
import { drawAnswer, drawAnswerSide } from "./answers.js";
import { drawCase, drawNear, drawSide } from "./case.js";
import { count, fill, h, toast } from "./dom.js";
import { openEditor } from "./editor.js";
import { drawFilters, fromAddress, toAddress } from "./filters.js";
import { listen, showKeys } from "./keys.js";

const stage = document.getElementById("stage");
const actions = document.getElementById("actions");
const leftLine = document.getElementById("left");
const filterForm = document.getElementById("filters");
const REASONS = ["duplicate", "unrealistic", "ambiguous_expected", "not_enough_context", "off_policy", "private_data", "caricature", "overfit", "other"];

const query = new URLSearchParams(location.search);
const state = {
  lane: ["candidates", "seeds", "answers"].includes(query.get("lane")) ? query.get("lane") : "candidates",
  run: query.get("answers") ?? "",
  wanted: fromAddress(),
  trail: [],        // cases that are loaded and not decided; `at` is the one shown
  at: 0,
  sent: new Set(),  // ids of what was decided or put off, until the server knows
  numbers: { left: null, later: 0, skipped: 0, undoable: 0 },
  mode: "decide",   // or "reject", "edit"
  asking: 0,        // raised when lane or filter change: what was asked before is stale
};
let sending = Promise.resolve();
const me = get("/me").catch(() => ({ rubric: "" }));

const answers = () => state.lane === "answers";
const shown = () => state.trail[state.at];
const idOf = (one) => one.name ?? one.id;
const filtered = () => Object.keys(state.wanted).length > 0 && !answers();

// ---------------------------------------------------------------- loading

async function load() {
  const asked = state.asking;
  const beside = [...state.trail.map(idOf), ...state.sent];
  const said = answers()
    ? state.run ? await get("/answers/next", { run: state.run, beside }) : { answer: null, later: 0, skipped: 0, undoable: 0 }
    : await get("/next", { lane: state.lane, beside, ...state.wanted });
  if (asked !== state.asking) return;
  note(said);
  const found = answers() ? said.answer : said.case;
  if (found && !state.trail.some((one) => idOf(one) === idOf(found)) && !state.sent.has(idOf(found))) state.trail.push(found);
}

let loading = null;
function ahead() {
  // Keeps one case loaded beyond the one that is shown.
  if (loading || state.trail.length > state.at + 1) return loading ?? Promise.resolve();
  loading = load().catch((error) => toast(error.message, "bad")).finally(() => { loading = null; });
  return loading;
}

async function show({ focus = true } = {}) {
  closePanels();
  if (!shown()) {
    stage.setAttribute("aria-busy", "true");
    const asked = state.asking;
    if (loading) await loading;
    if (!shown() && asked === state.asking) await ahead();
    if (asked !== state.asking) return;
  }
  stage.setAttribute("aria-busy", "false");
  if (!shown() && state.trail.length > 0) state.at = state.trail.length - 1;
  draw();
  if (focus) { window.scrollTo(0, 0); }
  if (shown()) ahead().then(count_);
}

async function restart() {
  state.asking += 1;
  loading = null;
  Object.assign(state, { trail: [], at: 0 });
  toAddress(answers() ? {} : state.wanted, { ...(state.lane === "candidates" ? {} : { lane: state.lane }), ...(answers() && state.run ? { answers: state.run } : {}) });
  for (const button of document.querySelectorAll("[data-lane]")) button.setAttribute("aria-pressed", String(button.dataset.lane === state.lane));
  document.getElementById("filter-toggle").hidden = answers();
  if (answers()) filterForm.hidden = true;
  await drawRuns();
  await show();
}

function note(said) {
  for (const name of ["left", "later", "skipped", "undoable"]) if (said[name] !== undefined) state.numbers[name] = said[name];
  if (answers()) state.numbers.left = null;
  count_();
}

function count_() {
  const { left, later, skipped } = state.numbers;
  const waiting = left === null ? null : Math.max(0, left - state.sent.size);
  fill(leftLine, [
    waiting === null ? null : `${waiting.toLocaleString("en")} ${waiting === 1 ? "waits" : "wait"}${filtered() ? " that fit the filter" : ""}`,
    later ? [" · ", h("button", { type: "button", class: "plain", onclick: () => back("later") }, `${later} for later`)] : null,
    skipped ? [" · ", h("button", { type: "button", class: "plain", onclick: () => back("skipped") }, `${skipped} skipped`)] : null,
  ]);
}

async function back(what) {
  await sending;
  const said = await post("/back", { lane: state.lane, what }).catch((error) => toast(error.message, "bad"));
  if (!said) return;
  note(said);
  toast(`${count(said.back, "case")} back in the queue`);
  await restart();
}

// ---------------------------------------------------------------- drawing

function draw() {
  const one = shown();
  stage.className = one ? "two" : "";
  if (!one) {
    actions.hidden = state.numbers.undoable === 0;
    fill(stage, empty());
    drawActions();
    return;
  }
  if (answers()) fill(stage, drawAnswer(one), drawAnswerSide(one));
  else {
    fill(stage, drawCase(one, { mark: one.undone ? `Taken back: you had said ${one.undone}` : state.at > 0 ? "Undecided, seen before the next" : null }), drawSide(one));
    near(one);
  }
  me.then(({ rubric }) => {
    if (rubric.trim() && shown() === one && !stage.querySelector(".rubric")) stage.querySelector(".side").append(h("section", { class: "rubric" }, h("details", { open: answers() }, h("summary", {}, "Rubric"), h("p", { class: "pre" }, rubric.trim()))));
  });
  for (const button of stage.querySelectorAll("[data-whole]")) button.addEventListener("click", () => whole(one));
  drawActions();
}

function empty() {
  if (answers() && !state.run) return h("div", { class: "empty" }, h("h2", {}, "No run to grade"), h("p", {}, "There is no run of a target yet. ", h("code", {}, "anchorset run"), " makes one."));
  const { later, skipped } = state.numbers;
  return h("div", { class: "empty" },
    h("h2", {}, "Nothing waits here"),
    h("p", { class: "quiet" }, filtered() ? "No undecided case fits the filter." : "Everything in this lane is decided."),
    later + skipped > 0 && h("p", {}, later > 0 && h("button", { type: "button", onclick: () => back("later") }, `Bring back ${later} marked for later`),
      " ", skipped > 0 && h("button", { type: "button", onclick: () => back("skipped") }, `Bring back ${skipped} skipped`)),
    h("p", {}, h("a", { href: "/progress" }, "See the progress")));
}

async function near(one) {
  try {
    one.near ??= await get(`/cases/${encodeURIComponent(one.id)}/near`, { content: one.content });
  } catch (error) {
    one.near = null;
    const box = stage.querySelector("[data-near]");
    if (box && shown() === one) fill(box, h("p", { class: "quiet" }, error.message));
    return;
  }
  const box = stage.querySelector("[data-near]");
  if (box && shown() === one) drawNear(box, one.near, one.parents.map((parent) => parent.id));
}

async function whole(one) {
  const full = await get(`/cases/${encodeURIComponent(one.id)}`, { content: one.content, whole: true }).catch((error) => toast(error.message, "bad"));
  if (!full) return;
  state.trail[state.trail.indexOf(one)] = Object.assign(full, { near: one.near });
  if (shown() === full) draw();
}

function drawActions() {
  actions.hidden = false;
  const key = (text) => h("kbd", {}, text);
  const button = (label, keys, act, extra = {}) => h("button", { type: "button", onclick: act, ...extra }, label, " ", key(keys));
  const undo = button("Undo", "u", () => takeBack(), { disabled: state.numbers.undoable === 0, title: `${count(state.numbers.undoable, "decision")} can be taken back` });
  if (!shown()) return fill(actions, undo);
  if (state.mode === "edit") return fill(actions);
  if (state.mode === "reject") {
    return fill(actions, h("div", { class: "reasons", role: "group", "aria-label": "Why is it rejected?" },
      h("span", {}, "Reject because:"),
      REASONS.map((reason, at) => button(reason.replaceAll("_", " "), String(at + 1), () => decide("reject", { reason }))),
      button("Not after all", "Esc", () => mode("decide"), { class: "plain" })));
  }
  if (answers()) {
    return fill(actions, button("Right", "a", () => gradeIt(true), { class: "good" }), button("Wrong", "x", () => gradeIt(false), { class: "bad" }),
      button("Skip", "space", () => putOff("skip")), button("Later", "f", () => putOff("later")), undo, button("Keys", "?", help, { class: "plain" }));
  }
  const seeds = state.lane === "seeds";
  fill(actions,
    seeds ? button("Say what is good", "e", edit, { class: "good" }) : [button("Approve", "a", () => decide("approve"), { class: "good" }), button("Edit", "e", edit)],
    button("Reject", "x", () => mode("reject"), { class: "bad" }),
    button("Skip", "space", () => putOff("skip")), button("Later", "f", () => putOff("later")), undo,
    button("Keys", "?", help, { class: "plain" }));
}

function mode(name) {
  state.mode = name;
  drawActions();
}

function closePanels() {
  state.mode = "decide";
  document.getElementById("editor")?.remove();
}

// ---------------------------------------------------------------- deciding

function leave(one) {
  // Takes a case out of the trail and shows the one after it.
  const at = state.trail.indexOf(one);
  if (at >= 0) state.trail.splice(at, 1);
  state.sent.add(idOf(one));
  show();
}

function send(one, work, done) {
  const asked = state.asking;
  sending = sending.then(async () => {
    try {
      const said = await work();
      note(said);
      done?.(said);
    } catch (error) {
      toast(error.message, "bad");
      if (asked === state.asking) {
        state.trail.splice(state.at, 0, one);
        draw();
      }
    } finally {
      state.sent.delete(idOf(one));
      if (state.numbers.left !== null && asked === state.asking) state.numbers.left = Math.max(0, state.numbers.left - 1);
      count_();
      drawActions();
    }
  });
}

let held = false;
async function ready() {
  // One decision is on its way at a time, so a dying server loses one at the most. A key for the next case waits for it;
  // a key after that one would be for a case that nobody has seen yet, and is dropped. Null: nothing to decide.
  if (held) return null;
  held = true;
  const one = shown();
  await sending;
  held = false;
  return one && shown() === one ? one : null;
}

async function decide(decision, { reason = null, changes = null } = {}) {
  if (state.lane === "seeds" && decision === "approve") return toast("A seed has no answer yet: say what a good one is (e)");
  const request = requestId();
  const one = await ready();
  if (!one) return;
  leave(one);
  toast({ approve: "Approved", edit: "Edited and approved", reject: `Rejected: ${reason?.replaceAll("_", " ")}` }[decision]);
  send(one, () => post("/decide", { request, lane: state.lane, case: one.id, content: one.content, decision, reason, changes }));
}

async function gradeIt(passed) {
  const request = requestId();
  const one = await ready();
  if (!one) return;
  leave(one);
  toast(passed ? "Right" : "Wrong");
  send(one, () => post("/grade", { request, run: one.run, case: one.case_id, content: one.content, repeat: one.repeat, passed }));
}

async function putOff(what) {
  const one = await ready();
  if (!one) return;
  leave(one);
  toast(what === "later" ? "Marked for later" : "Skipped");
  send(one, () => post(`/${what}`, { lane: state.lane, case: idOf(one) }), () => { state.numbers.left += 1; });
}

function takeBack() {
  if (state.mode === "edit") return;
  const request = requestId();
  const asked = state.asking;
  sending = sending.then(async () => {
    try {
      const said = await post("/undo", { request, lane: state.lane, run: answers() ? state.run : null });
      if (asked !== state.asking) return;
      note(said);
      const found = said.case ?? said.answer;
      if (state.numbers.left !== null) state.numbers.left += 1;
      if (found) {
        found.undone = answers() ? null : said.undone.decision + (said.undone.reason ? ` (${said.undone.reason.replaceAll("_", " ")})` : "");
        state.trail = state.trail.filter((one) => idOf(one) !== idOf(found));
        state.trail.splice(state.at, 0, found);
        closePanels();
        draw();
        window.scrollTo(0, 0);
      }
      toast("Taken back");
      count_();
    } catch (error) {
      toast(error.status === 400 ? "Nothing to take back" : error.message, error.status === 400 ? "" : "bad");
    }
  });
}

async function edit() {
  let one = shown();
  if (!one || answers()) return;
  if (!one.raw) {
    await whole(one);
    one = shown();
  }
  mode("edit");
  openEditor(stage.querySelector(".case"), one, {
    seeds: state.lane === "seeds",
    save: (changes) => decide("edit", { changes }),
    approve: () => decide("approve"),
    cancel: () => { closePanels(); drawActions(); },
  });
}

function move(step) {
  const to = state.at + step;
  if (to < 0) return toast("This is the first");
  if (to < state.trail.length) { state.at = to; return show(); }
  ahead().then(() => {
    if (state.trail.length > to) { state.at = to; show(); } else toast("This is the last");
  });
}

function help() {
  showKeys(document.getElementById("help"), state.lane);
}

// ---------------------------------------------------------------- lanes, runs, filters

async function drawRuns() {
  const box = document.getElementById("run-choice");
  box.hidden = !answers();
  if (!answers()) return;
  const { runs } = await get("/runs").catch(() => ({ runs: [] }));
  if (!runs.some((one) => one.run === state.run)) state.run = runs[0]?.run ?? "";
  fill(box, runs.length > 0 && h("label", {}, "Run ", h("select", { onchange: (event) => { state.run = event.target.value; restart(); } },
    runs.map((one) => h("option", { value: one.run, selected: one.run === state.run }, `${one.target} ${one.version} on ${one.dataset}`)))));
}

async function toggleFilters(open = filterForm.hidden, { focus = true } = {}) {
  if (answers()) return;
  filterForm.hidden = !open;
  document.getElementById("filter-toggle").setAttribute("aria-expanded", String(open));
  if (!open) return;
  await drawFilters(filterForm, state.wanted, { without: ["status"], changed: (wanted) => { state.wanted = wanted; restart(); } });
  if (focus) filterForm.querySelector("input")?.focus();
}

for (const button of document.querySelectorAll("[data-lane]")) {
  button.addEventListener("click", () => { state.lane = button.dataset.lane; button.blur(); restart(); });
}
document.getElementById("filter-toggle").addEventListener("click", () => toggleFilters());

listen({
  mode: () => state.mode,
  a: () => (answers() ? gradeIt(true) : decide("approve")),
  e: edit,
  x: () => (answers() ? gradeIt(false) : shown() && mode("reject")),
  number: (n) => state.mode === "reject" && n >= 1 && n <= REASONS.length && decide("reject", { reason: REASONS[n - 1] }),
  " ": () => putOff("skip"),
  u: takeBack, Backspace: takeBack,
  f: () => putOff("later"),
  j: () => move(1), k: () => move(-1),
  "/": () => toggleFilters(true),
  "?": help,
  Escape: () => { if (state.mode === "reject") mode("decide"); else if (!filterForm.hidden) toggleFilters(false); },
});

if (filtered()) toggleFilters(true, { focus: false });
restart().catch((error) => fill(stage, h("p", { class: "error" }, error.message)));
