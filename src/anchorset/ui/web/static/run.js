// One run: pass rates by where the cases came from, what failed first, and the same cases under another target.
import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { drawTree as tree } from "./case.js";
import { comparison } from "./comparison.js";
import { badge, box, n, number, openCase, pager, part, rate, show, table, toDataset, when, words } from "./pieces.js";

const run = part();
const path = `/runs/${encodeURIComponent(run)}`;
const AT_A_TIME = 20;
const WHAT = { failed: "failed", error: "ended in an error", not_judged: "not judged", passed: "passed" };
let filter = { what: "", bucket: "" };
let offset = 0;
const list = h("div", { id: "results" });

function rates(found) {
  const { buckets, synthetic, overall } = found.rates;
  const rows = [...Object.entries(buckets), ["all synthetic", synthetic], ["all rows", overall]].filter(([, one]) => one);
  return table(["from", n("cases"), n("groups"), n("pass rate"), n("95 % interval")], rows.map(([name, one]) => [h("th", { scope: "row" }, name),
    number(one.n), number(one.clusters), rate(one.value), `${rate(one.low)} to ${rate(one.high)}`]));
}

function row(one) {
  const line = one.line;
  return h("article", { class: "result" },
    h("header", {}, badge(one.what, WHAT[one.what]), line && h("span", { class: "tag" }, line.bucket), one.repeat > 0 && h("span", { class: "tag" }, `repeat ${one.repeat}`), line && line.cell.filter(Boolean).map((value) => h("span", { class: "quiet" }, value))),
    line ? h("button", { type: "button", class: "plain asked-line", onclick: () => openCase(one.case, one.content) }, line.text || "(no text)") : h("p", { class: "quiet" }, `${one.case}: nobody has this case any more`),
    h("div", { class: "side-by-side" },
      h("div", {}, h("h3", {}, "answered"), one.output === null ? h("p", { class: "quiet" }, "nothing") : tree(one.output)),
      h("div", {}, h("h3", {}, "expected"), one.expected === null ? one.criteria.length > 0 ? h("ul", {}, one.criteria.map((said) => h("li", {}, said))) : h("p", { class: "quiet" }, "nobody said") : tree(one.expected))),
    one.error && h("p", { class: "why" }, `${one.cause ? `${words(one.cause)}: ` : ""}${one.error}`),
    one.scores.filter((said) => said.passed === false || said.why).map((said) => h("p", { class: "why" }, `${said.evaluator}: ${said.passed === null ? "could not judge" : said.passed ? "passed" : "not passed"}${said.why ? `, ${said.why}` : ""}`)),
    one.tools && h("p", { class: "why" }, `called ${one.tools.length > 0 ? one.tools.join(", ") : "no tool"}`));
}

function drawRows() {
  show(async () => {
    const said = await get(`${path}/results`, { ...filter, limit: AT_A_TIME, offset });
    const turn = (to) => { offset = to; drawRows().then(() => list.scrollIntoView()); };
    return [pager(said.total, offset, AT_A_TIME, "row", turn), said.results.map(row), said.total > AT_A_TIME && pager(said.total, offset, AT_A_TIME, "row", turn)];
  }, list);
  return Promise.resolve();
}

function chips(found) {
  const counts = {};
  for (const said of Object.values(found.by_bucket)) for (const [what, count] of Object.entries(said)) counts[what] = (counts[what] ?? 0) + count;
  const place = h("div", {});
  const draw = () => fill(place,
    h("div", { class: "chips", role: "group", "aria-label": "What became of the row" }, [["", "all"], ...Object.entries(WHAT)].filter(([what]) => what === "" || counts[what]).map(([what, label]) =>
      h("button", { type: "button", "aria-pressed": String(filter.what === what), onclick: () => { filter = { ...filter, what }; offset = 0; draw(); drawRows(); } }, what === "" ? label : `${label} ${number(counts[what])}`))),
    h("div", { class: "chips", role: "group", "aria-label": "Where the case came from" }, ["", ...Object.keys(found.by_bucket)].map((bucket) =>
      h("button", { type: "button", "aria-pressed": String(filter.bucket === bucket), onclick: () => { filter = { ...filter, bucket }; offset = 0; draw(); drawRows(); } }, bucket || "from anywhere"))));
  draw();
  return place;
}

function against(found) {
  if (found.name === null) return h("p", { class: "quiet" }, "A later run of the same version took its place; comparisons use that one.");
  if (found.others.length === 0) return h("p", { class: "quiet" }, "No other target ran on this version.");
  const place = h("div", {});
  const select = h("select", {}, found.others.map((one) => h("option", { value: one.name }, one.name)));
  const form = h("form", { class: "choose", onsubmit: (event) => { event.preventDefault(); comparison(place, { dataset: found.head.dataset, baseline: select.value, candidate: found.name }); } },
    h("label", {}, `${found.name} against `, select), h("button", {}, "Compare"));
  return [form, place];
}

show(async () => {
  const found = await get(path);
  const { head, ledger } = found;
  document.getElementById("name").textContent = `${head.target} ${head.version}`;
  document.title = `${head.target} · anchorset`;
  drawRows();
  return [
    h("p", {}, "on ", head.dataset.includes("@") ? toDataset(head.dataset) : head.dataset, `, ${when(head.started_at)}, judged by ${head.evaluators.join(", ") || "nobody"}`, head.family && ` · family ${head.family}`, head.repeats > 1 && ` · ${head.repeats} repeats`),
    h("p", { class: "quiet" }, "run ", h("code", {}, head.run)),
    h("div", { class: "numbers" }, box(rate(found.rates.buckets.seed?.value), "of the seed passes"), box(rate(found.rates.synthetic?.value), "of the synthetic cases pass"),
      box(number(ledger.answered), `answered of ${number(ledger.wanted)}`), box(number(Object.values(ledger.failed_by).reduce((sum, count) => sum + count, 0)), "ended in an error"), box(number(ledger.not_judged), "not judged"), box(number(ledger.pending), "pending"),
      found.usd !== null && box(`$${found.usd.toFixed(4)}`, "cost")),
    h("p", { class: "links" }, h("a", { href: `/?lane=answers&answers=${encodeURIComponent(run)}` }, "Grade its answers blind"), h("a", { href: `/outcomes?dataset=${encodeURIComponent(head.dataset)}&candidate=${encodeURIComponent(found.name ?? head.target)}` }, "Record an outcome")),
    h("section", {}, h("h2", {}, "Pass rate by where the cases came from"), rates(found), found.rates.left_out > 0 && h("p", { class: "quiet" }, `${number(found.rates.left_out)} rows are of cases that this version does not have, or has with another text.`)),
    h("section", {}, h("h2", {}, "Against another run"), against(found)),
    h("section", {}, h("h2", {}, "Answers, what failed first"), chips(found), list),
  ];
});
