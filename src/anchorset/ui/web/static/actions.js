// The buttons under a case: each does what its key does.
import { count, fill, h } from "./dom.js";
import { alsoOf, rejectLabel } from "./group.js";
import { answers, shown, state } from "./trail.js";

export const REASONS = ["duplicate", "unrealistic", "ambiguous_expected", "not_enough_context", "off_policy", "private_data", "caricature", "overfit", "other"];

export function drawActions(bar, acts) {
  bar.hidden = false;
  const button = (label, key, act, extra = {}) => h("button", { type: "button", onclick: act, ...extra }, label, " ", h("kbd", {}, key));
  const undo = button("Undo", "u", acts.takeBack, { disabled: state.numbers.undoable === 0, title: `${count(state.numbers.undoable, "decision")} can be taken back` });
  if (!shown()) return fill(bar, undo);
  if (state.mode === "edit") return fill(bar);
  if (state.mode === "reject") {
    return fill(bar, h("div", { class: "reasons", role: "group", "aria-label": "Why is it rejected?" },
      h("span", {}, rejectLabel(alsoOf(shown()).length)),
      REASONS.map((reason, at) => button(reason.replaceAll("_", " "), String(at + 1), () => acts.decide("reject", { reason }))),
      button("Not after all", "Esc", () => acts.mode("decide"), { class: "plain" })));
  }
  const off = [button("Skip", "space", () => acts.putOff("skip")), button("Later", "f", () => acts.putOff("later")), undo, button("Keys", "?", acts.help, { class: "plain" })];
  if (answers()) {
    return fill(bar, button("Right", "a", () => acts.gradeIt(true), { class: "good" }), button("Wrong", "x", () => acts.gradeIt(false), { class: "bad" }), off);
  }
  const n = alsoOf(shown()).length;
  const all = n > 0 ? ` all ${n + 1}` : "";
  return fill(bar,
    state.lane === "seeds" ? button("Say what is good", "e", acts.edit, { class: "good" })
      : [button(`Approve${all}`, "a", () => acts.decide("approve"), { class: "good" }), button("Edit", "e", acts.edit)],
    button(`Reject${all}`, "x", () => acts.mode("reject"), { class: "bad" }), off);
}
