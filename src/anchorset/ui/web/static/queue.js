// The queue: one case after another, decided by one key each. What is decided is shown at once and sent in order.
import { drawActions, REASONS } from "./actions.js";
import { drawAnswer, drawAnswerSide } from "./answers.js";
import { get, post, requestId } from "./api.js";
import { drawCase, drawNear, drawSide } from "./case.js";
import { count, fill, h, toast } from "./dom.js";
import { openEditor } from "./editor.js";
import { drawFilters, toAddress } from "./filters.js";
import { alsoOf, drawGroup, lookForGroup, withLike } from "./group.js";
import { listen, showKeys } from "./keys.js";
import { keep } from "./keeping.js";
import { openMetadata } from "./metadata.js";
import { drawLeft, empty, looksAgain } from "./left.js";
import { drawNudge } from "./people.js";
import { next, ready, send, sent } from "./sending.js";
import { hiding, keepHiding, tellAfter } from "./suggestions.js";
import { ahead, answers, filtered, forget, idOf, note, settled, shown, state, watch } from "./trail.js";

const stage = document.getElementById("stage");
const filterForm = document.getElementById("filters");
const me = get("/me").catch(() => ({ rubric: "" }));

// ---------------------------------------------------------------- showing

async function show({ focus = true } = {}) {
  closePanels();
  if (!shown()) {
    stage.setAttribute("aria-busy", "true");
    if (!(await settled())) return;
  }
  stage.setAttribute("aria-busy", "false");
  if (!shown() && state.trail.length > 0) state.at = state.trail.length - 1;
  draw();
  if (focus) { window.scrollTo(0, 0); }
  if (shown()) ahead().then(() => note({}));
}

async function restart() {
  forget();
  toAddress(answers() ? {} : state.wanted, { ...(state.lane === "candidates" ? {} : { lane: state.lane }), ...(answers() && state.run ? { answers: state.run } : {}) });
  for (const button of document.querySelectorAll("[data-lane]")) button.setAttribute("aria-pressed", String(button.dataset.lane === state.lane));
  document.getElementById("filter-toggle").hidden = answers();
  if (answers()) filterForm.hidden = true;
  await drawRuns();
  await show();
}

async function back(what) {
  await sent();
  const said = await post("/back", { lane: state.lane, what }).catch((error) => toast(error.message, "bad"));
  if (!said) return;
  note(said);
  toast(`${count(said.back, "case")} back in the queue`);
  await restart();
}

function draw() {
  const one = shown();
  stage.className = one ? "two" : "";
  if (!one) {
    fill(stage, empty(back, show));
    lookAgain();
    redraw();
    document.getElementById("actions").hidden = state.numbers.undoable === 0;
    return;
  }
  if (answers()) fill(stage, drawAnswer(one), drawAnswerSide(one));
  else {
    fill(stage, drawCase(one, { mark: one.undone ? `Taken back: you had said ${one.undone}` : state.at > 0 ? "Undecided, seen before the next" : null }), drawSide(one));
    near(one);
    if (state.lane !== "seeds") group(one);
  }
  me.then(({ rubric }) => {
    if (rubric.trim() && shown() === one && !stage.querySelector(".rubric")) stage.querySelector(".side").append(h("section", { class: "rubric" }, h("details", { open: answers() }, h("summary", {}, "Rubric"), h("p", { class: "pre" }, rubric.trim()))));
  });
  for (const button of stage.querySelectorAll("[data-whole]")) button.addEventListener("click", () => whole(one));
  redraw();
}

let looking;
function lookAgain() {
  clearTimeout(looking);
  const wait = answers() ? null : looksAgain();
  if (wait !== null) looking = setTimeout(() => { if (!shown() && state.mode === "decide") show({ focus: false }); }, wait);
}

async function near(one) {
  let failed = null;
  try {
    one.near ??= await get(`/cases/${encodeURIComponent(one.id)}/near`, { content: one.content });
  } catch (error) {
    failed = error;
  }
  const box = stage.querySelector("[data-near]");
  if (!box || shown() !== one) return;
  if (failed) fill(box, h("p", { class: "quiet" }, failed.message));
  else drawNear(box, one.near, one.parents.map((parent) => parent.id));
}

function group(one) {
  const box = h("section", { class: "group", hidden: true, "aria-label": "Near duplicates" });
  const fresh = () => shown() === one && box.isConnected;
  const toggle = () => { one.group.open = !one.group.open; changed(); };
  const changed = () => { drawGroup(box, one, { toggle, ticks: redraw }); redraw(); };
  stage.querySelector(".case").append(box);
  lookForGroup(one, { fresh, changed });
}

function together() {
  const one = shown();
  if (!one || answers() || state.lane === "seeds") return;
  if (!one.group?.members.length) return toast("Nothing that waits is a near duplicate of this");
  one.group.open = !one.group.open;
  draw();
  stage.querySelector(".group").scrollIntoView({ block: "nearest" });
}

function metadata() {
  const one = shown();
  if (!one || answers()) return;
  openMetadata(one, { changed: () => reload(one, {}) });
}

async function whole(one) {
  await reload(one, { whole: true });
}

async function reload(one, more) {
  const full = await get(`/cases/${encodeURIComponent(one.id)}`, { content: one.content, hide: one.hidden || null, ...more }).catch((error) => toast(error.message, "bad"));
  if (!full) return;
  state.trail[state.trail.indexOf(one)] = Object.assign(full, { near: one.near, group: one.group });
  if (shown() === full) draw();
}

const acts = { decide, edit, gradeIt, help, mode, putOff, takeBack, metadata };
function redraw() {
  drawActions(document.getElementById("actions"), acts);
}

function mode(name) {
  state.mode = name;
  redraw();
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

async function decide(decision, { reason = null, changes = null } = {}) {
  if (state.lane === "seeds" && decision === "approve") return toast("A seed has no answer yet: say what a good one is (e)");
  const request = requestId();
  const one = await ready();
  if (!one) return;
  const also = decision === "edit" ? [] : alsoOf(one);
  for (const member of also) state.sent.add(member.case);
  state.trail = state.trail.filter((other) => other === one || !state.sent.has(idOf(other)));
  leave(one);
  toast({ approve: "Approved", edit: "Edited and approved", reject: `Rejected: ${reason?.replaceAll("_", " ")}` }[decision] + withLike(also.length));
  send(one, () => post("/decide", { request, lane: state.lane, case: one.id, content: one.content, decision, reason, changes, ...(also.length ? { also } : {}) }), {
    done: (said) => {
      if (said.nudge) drawNudge(document.getElementById("nudge"), said.nudge);
      tellAfter(document.getElementById("told"), one);
      if (said.with && state.numbers.left !== null) state.numbers.left -= said.with;
      if (said.refused_n) toast(`${count(said.refused_n, "case")} like it ${said.refused_n === 1 ? "was" : "were"} left out: ${said.refused[0].why}`, "bad");
    },
    always: () => { for (const member of also) state.sent.delete(member.case); },
    failed: draw, after: redraw });
}

async function gradeIt(passed) {
  const request = requestId();
  const one = await ready();
  if (!one) return;
  leave(one);
  toast(passed ? "Right" : "Wrong");
  send(one, () => post("/grade", { request, run: one.run, case: one.case_id, content: one.content, repeat: one.repeat, passed }), { failed: draw, after: redraw });
}

async function putOff(what) {
  const one = await ready();
  if (!one) return;
  leave(one);
  toast(what === "later" ? "Marked for later" : "Skipped");
  send(one, () => post(`/${what}`, { lane: state.lane, case: idOf(one) }), { done: () => { state.numbers.left += 1; }, failed: draw, after: redraw });
}

function takeBack() {
  if (state.mode === "edit") return;
  const request = requestId();
  const asked = state.asking;
  next(async () => {
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
        hold();
        window.scrollTo(0, 0);
      }
      if (said.undone.with && state.numbers.left !== null) state.numbers.left += said.undone.with;
      toast(`Taken back${withLike(said.undone.with ?? 0)}`);
      note({});
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
    cancel: () => { closePanels(); redraw(); },
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

function hide() {
  state.hide = !state.hide;
  keepHiding(state.hide);
  toast(state.hide ? "What checks found is hidden until you have decided" : "What checks found is shown");
  restart();
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

me.then(({ redteam }) => { document.querySelector('[data-lane="redteam"]').hidden = !redteam; });
for (const button of document.querySelectorAll("[data-lane]")) {
  button.addEventListener("click", () => { state.lane = button.dataset.lane; button.blur(); restart(); });
}
document.getElementById("filter-toggle").addEventListener("click", () => toggleFilters());
const hold = keep(() => (answers() ? [] : [...state.trail.map(idOf), ...state.sent]));
watch(() => drawLeft(document.getElementById("left"), back));

listen({
  mode: () => state.mode,
  a: () => (answers() ? gradeIt(true) : decide("approve")),
  e: edit,
  x: () => (answers() ? gradeIt(false) : shown() && mode("reject")),
  number: (n) => state.mode === "reject" && n >= 1 && n <= REASONS.length && decide("reject", { reason: REASONS[n - 1] }),
  " ": () => putOff("skip"),
  u: takeBack, Backspace: takeBack,
  f: () => putOff("later"),
  g: together, m: metadata,
  j: () => move(1), k: () => move(-1),
  h: hide,
  "/": () => toggleFilters(true),
  "?": help,
  Escape: () => { if (state.mode === "reject") mode("decide"); else if (!filterForm.hidden) toggleFilters(false); },
});

if (filtered()) toggleFilters(true, { focus: false });
me.then(({ hide_suggestions }) => { state.hide = hiding(hide_suggestions ?? false); })
  .then(restart).catch((error) => fill(stage, h("p", { class: "error" }, error.message)));
