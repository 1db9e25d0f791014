// How many wait, what was put off, and what stands there when nothing waits.
import { fill, h } from "./dom.js";
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

export function empty(back) {
  if (answers() && !state.run) return h("div", { class: "empty" }, h("h2", {}, "No run to grade"), h("p", {}, "There is no run of a target yet. ", h("code", {}, "anchorset run"), " makes one."));
  const { later, skipped } = state.numbers;
  return h("div", { class: "empty" },
    h("h2", {}, "Nothing waits here"),
    h("p", { class: "quiet" }, filtered() ? "No undecided case fits the filter." : "Everything in this lane is decided."),
    later + skipped > 0 && h("p", {}, later > 0 && h("button", { type: "button", onclick: () => back("later") }, `Bring back ${later} marked for later`),
      " ", skipped > 0 && h("button", { type: "button", onclick: () => back("skipped") }, `Bring back ${skipped} skipped`)),
    h("p", {}, h("a", { href: "/progress" }, "See the progress")));
}
