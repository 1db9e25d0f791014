// All cases, filtered or by likeness, a page at a time; ticked, and dealt with in one go.
import { get, post, requestId } from "./api.js";
import { ask, drawBulk, drawUndo, lastGo, ticks } from "./bulk.js";
import { drawCase, drawNear, drawSide } from "./case.js";
import { count, fill, h, toast } from "./dom.js";
import { drawFilters, fromAddress, toAddress } from "./filters.js";
import { openMetadata } from "./metadata.js";

const stage = document.getElementById("stage");
const bar = document.getElementById("actions");
const undoLine = document.getElementById("undo");
const AT_A_TIME = 50;
const choices = get("/filters").catch(() => ({ axis: [] }));
let wanted = fromAddress();
let offset = Math.max(0, Number(new URLSearchParams(location.search).get("offset")) || 0);
let asking = 0;
let redraw = () => {};

async function show() {
  asking += 1;
  const asked = asking;
  toAddress(wanted, offset > 0 ? { offset } : {});
  stage.setAttribute("aria-busy", "true");
  let found;
  try {
    found = await get("/cases", { ...wanted, limit: AT_A_TIME, offset });
  } catch (error) {
    fill(stage, h("p", { class: "error", role: "alert" }, error.message));
    return;
  }
  if (asked !== asking) return;
  stage.setAttribute("aria-busy", "false");
  draw(found, await choices);
  if (found.embedded < found.of) setTimeout(() => { if (asked === asking && ticks.chosen.size === 0) show(); }, 2500);
}

function draw(found, named) {
  const alike = Boolean(wanted.like || wanted.like_case);
  const last = Math.min(offset + AT_A_TIME, found.total);
  const pager = () => h("p", { class: "pager" },
    h("span", { class: "total" }, found.total === 0 ? "No case fits." : `${offset + 1}–${last} of ${count(found.total, "case")}`,
      alike && `, the nearest first`, found.embedded < found.of && `; ${found.embedded.toLocaleString("en")} of ${found.of.toLocaleString("en")} are compared by now`),
    found.total > AT_A_TIME && h("button", { type: "button", disabled: offset === 0, onclick: () => turn(-AT_A_TIME) }, "Before"),
    found.total > AT_A_TIME && h("button", { type: "button", disabled: last >= found.total, onclick: () => turn(AT_A_TIME) }, "Next"));
  const rows = found.cases.map((one) => drawRow(one, alike));
  const page = h("input", { type: "checkbox", "aria-label": "Tick all on this page", onchange: () => {
    ticks.all = false;
    for (const one of found.cases) if (page.checked) ticks.chosen.set(one.id, one.content); else ticks.chosen.delete(one.id);
    redraw();
  } });
  const every = h("button", { type: "button", class: "plain", onclick: () => { ticks.all = true; redraw(); } }, `Tick all ${found.total.toLocaleString("en")} that fit`);
  redraw = (undo) => {
    if (undo !== undefined) { drawUndo(undoLine, undo, afterwards); show(); return; }
    found.cases.forEach((one, at) => { rows[at].querySelector("input").checked = ticks.all || ticks.chosen.has(one.id); });
    page.checked = found.cases.length > 0 && found.cases.every((one) => ticks.all || ticks.chosen.has(one.id));
    every.hidden = !page.checked || ticks.all || found.total <= found.cases.length;
    drawBulk(bar, { total: found.total, waiting: found.waiting, wanted, choices: named, changed: redraw });
  };
  fill(stage, pager(), runLine(), every, h("div", { class: "scroll", tabindex: "0" }, h("table", { class: "list ticked" },
    h("thead", {}, h("tr", {}, h("th", {}, page), ["what the user says", alike && "distance", "from", "cell", "persona", "status"].filter(Boolean).map((name) => h("th", { class: "short" }, name)))),
    h("tbody", {}, rows))), found.total > AT_A_TIME && pager());
  redraw();
}

function drawRow(one, alike) {
  const text = one.text || "(no text)";
  return h("tr", {},
    h("td", {}, h("input", { type: "checkbox", "aria-label": `Tick ${text.slice(0, 60)}`, onchange: (event) => {
      ticks.all = false;
      if (event.target.checked) ticks.chosen.set(one.id, one.content); else ticks.chosen.delete(one.id);
      redraw();
    } })),
    h("td", {}, h("button", { type: "button", class: "plain text", onclick: () => open(one.id) }, text)),
    alike && h("td", { class: "distance short", title: "0 the same, 1 nothing in common" }, one.distance.toFixed(2)),
    h("td", { class: "short" }, one.bucket), h("td", {}, one.cell === "all" ? "" : one.cell.split(",").map((part) => h("span", { class: "part" }, part.slice(part.indexOf("=") + 1)))),
    h("td", {}, one.persona ?? ""), h("td", { class: one.aside ? null : "short" }, one.aside ?? one.status, one.flags > 0 && h("span", { class: "tag" }, count(one.flags, "flag"))));
}

function afterwards() {
  drawUndo(undoLine, null);
  show();
}

function runLine() {
  // A production run that is filtered by can be put aside as a whole.
  return wanted.run && h("p", {}, `Production run ${wanted.run}: `, h("button", { type: "button", class: "bad", onclick: () => {
    const why = h("input", { name: "why", maxlength: 500, placeholder: "what is wrong with it", "aria-label": "What is wrong with it" });
    ask(`Put the whole run ${wanted.run} aside?`, "Its candidates are neither reviewed nor shipped nor counted until they are taken back.", async () => {
      const said = await post("/quarantine", { request: requestId(), run: wanted.run, why: why.value });
      toast(`${count(said.done, "candidate")} put aside`);
      redraw(said.undo);
    }, why);
  } }, "Put it aside"));
}

function turn(step) {
  offset = Math.max(0, offset + step);
  show().then(() => window.scrollTo(0, 0));
}

function filter(now) {
  wanted = now;
  offset = 0;
  ticks.chosen.clear();
  ticks.all = false;
  show();
}

async function open(id) {
  const dialog = document.getElementById("one");
  try {
    const one = await get(`/cases/${encodeURIComponent(id)}`);
    const like = () => { dialog.close(); const { like: _, ...rest } = wanted; filter({ ...rest, like_case: id }); form(); };
    fill(dialog, h("form", { method: "dialog", class: "close" },
      h("button", { type: "button", onclick: like }, "Cases like this"), " ",
      h("button", { type: "button", onclick: () => { dialog.close(); openMetadata(one, { changed: show }); } }, "Metadata"), " ",
      h("button", {}, "Close ", h("kbd", {}, "Esc"))),
      h("div", { class: "two" }, h("div", {}, drawCase(one), one.reviews.length > 0 && h("section", { class: "said" }, h("h2", {}, "Decided"),
        h("ul", {}, one.reviews.map((said) => h("li", {}, `${said.decision}${said.reason ? ` (${said.reason.replaceAll("_", " ")})` : ""} by ${said.reviewer}, ${said.at.slice(0, 16).replace("T", " ")}`))))), drawSide(one)));
    dialog.showModal();
    dialog.scrollTo(0, 0);
    drawNear(dialog.querySelector("[data-near]"), await get(`/cases/${encodeURIComponent(id)}/near`), one.parents.map((parent) => parent.id));
  } catch (error) {
    fill(dialog, h("p", { class: "error" }, error.message), h("form", { method: "dialog" }, h("button", {}, "Close")));
    if (!dialog.open) dialog.showModal();
  }
}

function form() {
  drawFilters(document.getElementById("filters"), wanted, { changed: filter, alike: true })
    .catch((error) => fill(stage, h("p", { class: "error" }, error.message)));
}

form();
show();
lastGo().then((last) => drawUndo(undoLine, last, afterwards));
