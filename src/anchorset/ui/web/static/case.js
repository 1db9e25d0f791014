// One case, drawn.
import { count, fill, h } from "./dom.js";

const RELATION = { invariant: "answer stays", changed: "answer changes", unknown: "answer may change" };

export function drawCase(one, { mark = null } = {}) {
  return h("article", { class: "case", "aria-label": `Case ${one.id}` },
    mark && h("p", { class: "mark" }, mark),
    drawInput(one),
    one.cut && h("p", { class: "quiet" }, "This text is cut. ", h("button", { type: "button", class: "plain", "data-whole": one.id }, "Show the whole")),
    one.cited.map(drawCited),
    drawDiffs(one),
    drawAnswer(one));
}

export function drawSide(one) {
  return h("aside", { class: "side", "aria-label": "What helps to decide" },
    drawFindings(one),
    h("section", {}, h("h2", {}, "Near"), h("div", { class: "near", "data-near": one.id }, h("p", { class: "quiet" }, "Looking for the nearest …"))),
    drawFacts(one));
}

export function drawNear(box, found, parents = []) {
  const list = (title, rows, none) => h("div", {},
    h("h3", {}, title),
    rows.length === 0 ? h("p", { class: "quiet" }, none)
      : h("ol", {}, rows.map((row) => h("li", {},
        h("span", { class: "distance", title: "Distance: 0 the same, 1 nothing in common" }, row.distance.toFixed(2)),
        h("span", { class: "text" }, row.text),
        parents.includes(row.id) && h("span", { class: "tag" }, "its parent")))));
  fill(box, list("Seeds", found.seeds, "No seed is near: the text has no word that is known."),
    list("Approved cases", found.approved, "Nothing is approved yet."));
}

function drawInput(one) {
  if (one.tree !== null) return h("section", { class: "input" }, drawTree(one.tree));
  const system = one.system && h("details", { class: "system" }, h("summary", {}, "System prompt"), h("p", { class: "pre" }, one.system));
  if (one.kind === "text") return h("section", { class: "input" }, system, h("p", { class: "pre asked" }, one.turns[0].text));
  return h("section", { class: "input chat" }, system, one.turns.map((turn) =>
    h("div", { class: `turn ${["user", "assistant", "system", "tool"].includes(turn.role) ? turn.role : ""}` },
      h("span", { class: "role" }, turn.name ? `${turn.role} · ${turn.name}` : turn.role),
      turn.text && h("p", { class: "pre" }, turn.text),
      turn.calls.map((call) => h("div", { class: "call" }, h("code", {}, call.name), drawTree(call.arguments))))));
}

export function drawTree(value, name = null, depth = 0) {
  const label = name === null ? null : h("span", { class: "key" }, name);
  if (value !== null && typeof value === "object") {
    const list = Array.isArray(value);
    const entries = list ? value.map((inner, at) => [String(at + 1), inner]) : Object.entries(value);
    if (entries.length === 0) return h("div", { class: "leaf" }, label, h("span", { class: "quiet" }, list ? "empty list" : "empty"));
    const inside = h("div", { class: "branch" }, entries.map(([key, inner]) => drawTree(inner, key, depth + 1)));
    if (name === null) return h("div", { class: "tree" }, inside);
    return h("details", { class: "node", open: depth < 4 && entries.length <= 40 },
      h("summary", {}, label, h("span", { class: "quiet" }, list ? count(entries.length, "item") : count(entries.length, "field"))), inside);
  }
  return h("div", { class: "leaf" }, label, h("span", { class: `value ${value === null ? "none" : typeof value}` }, value === null ? "none" : String(value)));
}

function drawDiffs(one) {
  return one.parents.map((parent) => h("section", { class: "parent" },
    h("h2", {}, "Changed from its parent ", h("span", { class: "quiet" }, `${parent.bucket} ${parent.id.slice(0, 8)}`)),
    one.operators.length > 0 && h("p", { class: "quiet operators" }, one.operators.map((step) =>
      h("span", { class: "tag", title: RELATION[step.relation] ?? step.relation }, step.operator.replaceAll("_", " "), step.detail ? `: ${step.detail}` : ""))),
    parent.diff === null ? h("p", { class: "pre" }, parent.text)
      : h("p", { class: "pre diff" }, parent.diff.map(([kind, text]) => kind === "same" ? text : h(kind === "gone" ? "del" : "ins", {}, text)))));
}

function drawCited(one) {
  return h("section", { class: "cited" },
    h("h2", {}, "It stands on ", h("code", {}, one.doc)),
    h("p", { class: "pre" }, one.before, h("mark", {}, one.text), one.after),
    !one.found && h("p", { class: "quiet" }, "The document is not in docs/ as it was, so only the passage is shown."));
}

function drawAnswer(one) {
  if (one.expected === null && one.criteria.length === 0) {
    return h("section", { class: "answer" }, h("h2", {}, "A good answer"), h("p", { class: "quiet" }, "Nobody has said what a good answer is."));
  }
  return h("section", { class: "answer" },
    h("h2", {}, "A good answer"),
    one.expected !== null && (typeof one.expected === "object" ? drawTree(one.expected) : h("p", { class: "pre expected" }, String(one.expected))),
    one.criteria.length > 0 && h("ul", {}, one.criteria.map((text) => h("li", {}, text))));
}

function drawFindings(one) {
  if (one.hidden) return h("section", {}, h("h2", {}, "Findings"), h("p", { class: "quiet" }, "Hidden until you have decided."));
  return h("section", {}, h("h2", {}, "Findings"),
    one.findings.map((found) => h("div", { class: `finding ${found.says}` },
      h("strong", {}, found.check), " ", h("span", { class: "says" }, found.says),
      found.score !== undefined && found.score !== null && h("span", { class: "quiet" }, ` ${round(found.score)}${found.threshold === null || found.threshold === undefined ? "" : ` against ${round(found.threshold)}`}`),
      found.evidence && h("p", {}, found.evidence))),
    one.findings.length === 0 && one.passed === 0 && h("p", { class: "quiet" }, "No check has looked at it."),
    one.passed > 0 && h("p", { class: "quiet" }, `${count(one.passed, "check")} passed`));
}

function round(value) {
  return Number(value.toPrecision(3));
}

function drawFacts(one) {
  const axes = one.cell === "all" || one.cell === "unassigned" ? { cell: one.cell === "all" ? null : one.cell } : {};
  const rows = { from: one.bucket, ...axes, persona: one.persona, difficulty: one.difficulty,
    language: one.language, ...one.facts };
  return h("section", {}, h("h2", {}, "About it"), h("dl", { class: "facts" },
    Object.entries({ from: rows.from, ...one.metadata, ...rows }).filter(([, value]) => value !== null && value !== undefined && value !== "")
      .map(([name, value]) => [h("dt", {}, name.replaceAll("_", " ")), h("dd", {}, typeof value === "object" ? JSON.stringify(value) : String(value))]),
    h("dt", {}, "id"), h("dd", {}, h("code", {}, one.id))));
}
