// How many wait, what was put off, and what stands there when nothing waits.
import { count, fill, h } from "./dom.js";
import { answers, filtered, state } from "./trail.js";

export function drawLeft(line, back) {
  const { left, later, skipped } = state.numbers;
  const waiting = left === null ? null : Math.max(0, left - state.sent.size);
  fill(line, [
    waiting === null ? null : `${waiting.toLocaleString("en")} ${waiting === 1 ? "waits" : "wait"}${filtered() ? " that fit the filter" : ""}`,
    later ? [" · ", h("button", { type: "button", class: "plain", onclick: () => back("later") }, `${later} for later`)] : null,
    skipped ? [" · ", h("button", { type: "button", class: "plain", onclick: () => back("skipped") }, `${skipped} skipped`)] : null,
  ]);
}

export function empty(back, again) {
  if (answers() && !state.run) return h("div", { class: "empty" }, h("h2", {}, "No run to grade"), h("p", {}, "There is no run of a target yet. ", h("code", {}, "anchorset run"), " makes one."));
  const { later, skipped, elsewhere, frees_in } = state.numbers;
  if (elsewhere > 0) {
    return h("div", { class: "empty" },
      h("h2", {}, `${elsewhere.toLocaleString("en")} ${elsewhere === 1 ? "waits" : "wait"}, ${elsewhere === 1 ? "open" : "all open"} with others`),
      h("p", { class: "quiet" }, `Nobody is given what a colleague is looking at. ${elsewhere === 1 ? "It" : "The first"} is free in ${minutes(frees_in)} at the latest; this page looks again by itself.`),
      h("p", {}, h("button", { type: "button", onclick: again }, "Look now")), off(back, later, skipped));
  }
  return h("div", { class: "empty" },
    h("h2", {}, "Nothing waits here"),
    h("p", { class: "quiet" }, filtered() ? "No undecided case fits the filter." : "Everything in this lane is decided."),
    off(back, later, skipped),
    h("p", {}, h("a", { href: "/progress" }, "See the progress")));
}

function off(back, later, skipped) {
  return later + skipped > 0 && h("p", {}, later > 0 && h("button", { type: "button", onclick: () => back("later") }, `Bring back ${later} marked for later`),
    " ", skipped > 0 && h("button", { type: "button", onclick: () => back("skipped") }, `Bring back ${skipped} skipped`));
}

function minutes(seconds) {
  return seconds < 60 ? count(Math.max(1, seconds), "second") : count(Math.ceil(seconds / 60), "minute");
}

export function looksAgain() {
  // Milliseconds until it is worth asking again; null: nobody has anything open that waits.
  const { elsewhere, frees_in } = state.numbers;
  return elsewhere > 0 ? Math.min(20, Math.max(1, frees_in)) * 1000 : null;
}
