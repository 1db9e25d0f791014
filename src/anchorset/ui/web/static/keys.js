// Keys: which mean what, and when they are left alone.
import { fill, h } from "./dom.js";

const LISTED = [
  ["a", "approve"], ["e", "edit, then approve"], ["x", "reject; then a reason by its number"], ["space", "skip for now"],
  ["u", "undo (backspace too): the decision before, then the one before that"], ["f", "mark for later; it stays undecided"],
  ["j", "look at the next without deciding"], ["k", "back to the one before"], ["g", "near duplicates that wait: decide them together"], ["m", "metadata"], ["h", "hide what checks found until you have decided, or show it"], ["/", "filter"], ["?", "this list"],
];
const OF_ANSWERS = { a: "the answer is right", x: "the answer is wrong" };

export function showKeys(dialog, lane) {
  fill(dialog.querySelector("dl"), LISTED.filter(([key]) => lane !== "answers" || !["e", "g", "h", "m", "/"].includes(key))
    .map(([key, says]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, lane === "answers" ? OF_ANSWERS[key] ?? says : says)]));
  dialog.showModal();
}

function typing(target) {
  return target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName) || (target.tagName === "INPUT" && target.type !== "checkbox");
}

export function listen(keys) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    const target = event.target;
    if (event.key === "Escape") {
      if (target.closest?.("#filters")) target.blur();
      if (keys.mode() !== "edit") keys.Escape();
      return;
    }
    if (typing(target) || keys.mode() === "edit") return;
    if (event.repeat && !["j", "k"].includes(event.key)) return;  // a key held down must not decide a hundred cases
    if ([" ", "Enter"].includes(event.key) && ["BUTTON", "A", "SUMMARY", "INPUT"].includes(target.tagName)) return;
    const act = /^[0-9]$/.test(event.key) ? () => keys.number(Number(event.key))
      : keys.mode() === "reject" && !["u", "?"].includes(event.key) ? null : keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (typeof act !== "function" || event.key === "mode" || event.key === "number") return;
    event.preventDefault();
    act();
  });
}
