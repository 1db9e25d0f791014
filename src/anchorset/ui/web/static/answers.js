// One answer of a run, to be graded blind.
import { drawTree } from "./case.js";
import { h } from "./dom.js";

export function drawAnswer(one) {
  return h("article", { class: "case", "aria-label": "Answer to grade" },
    one.case && h("section", { class: "input chat" }, one.case.tree !== null ? drawTree(one.case.tree)
      : one.case.turns.map((turn) => h("div", { class: `turn ${turn.role === "user" ? "user" : "assistant"}` }, h("span", { class: "role" }, turn.role), h("p", { class: "pre" }, turn.text)))),
    h("section", { class: "output" }, h("h2", {}, "The answer"),
      one.output !== null && typeof one.output === "object" ? drawTree(one.output) : h("p", { class: "pre asked" }, String(one.output))));
}

export function drawAnswerSide(one) {
  const found = one.case;
  return h("aside", { class: "side", "aria-label": "What helps to grade" },
    h("section", {}, h("h2", {}, "A good answer"),
      found?.expected !== null && found?.expected !== undefined && (typeof found.expected === "object" ? drawTree(found.expected) : h("p", { class: "pre expected" }, String(found.expected))),
      found?.criteria.length > 0 && h("ul", {}, found.criteria.map((text) => h("li", {}, text))),
      (!found || (found.expected === null && found.criteria.length === 0)) && h("p", { class: "quiet" }, "Nobody has said what a good answer is: judge by the rubric.")));
}
