// What became of releases: read by everybody, recorded by owners with the cases that show it.
import { get, post, requestId } from "./api.js";
import { fill, h, toast } from "./dom.js";
import { asked, badge, none, number, show, toDataset, when, words } from "./pieces.js";

const place = document.getElementById("new");
const owner = place.dataset.role === "owner";
const DECISIONS = { approve: "approve: it goes out", edit: "edit: it goes out changed", reject: "reject: it stays back", failed: "failed: it went out and failed" };
const SHOWN = 100;

function laterForm(one) {
  const form = h("form", { class: "choose", onsubmit: async (event) => {
    event.preventDefault();
    const data = new FormData(form);
    try {
      await post("/outcomes/production", { request: requestId(), dataset: one.dataset, candidate: one.candidate, decided_by: one.decided_by ?? one.reviewer, production: data.get("production"), note: data.get("note") });
      toast("Kept.");
      list();
    } catch (error) { toast(error.message, "bad"); }
  } }, h("label", {}, "Production said ", h("select", { name: "production" }, ["better", "same", "worse"].map((word) => h("option", {}, word)))),
    h("label", {}, "note ", h("input", { name: "note", maxlength: "2000" })), h("button", {}, "Add"));
  return h("details", {}, h("summary", {}, one.production ? "Production says something else now" : "Add what production said"), form);
}

function outcome(one) {
  const maker = one.decided_by ?? one.reviewer;
  const confirmed = one.confirmed === null ? null : one.confirmed ? badge("yes", "as the evaluation had said") : badge("no", "not as the evaluation had said");
  return h("article", { class: "outcome" },
    h("header", {}, h("h2", {}, one.candidate), badge(one.decision, one.decision), h("span", { class: "quiet" }, "on ", toDataset(one.dataset), `, ${maker}, ${when(one.at)}`)),
    h("p", {}, "The evaluation said ", one.verdict ? badge(one.verdict, one.verdict) : "nothing that was kept", "; production ", one.production ? badge(one.production) : "has not said anything yet", one.decided_by && ` (${one.reviewer} added it)`, ". ", confirmed),
    one.reasons.length > 0 && h("p", {}, `Because: ${one.reasons.map(words).join(", ")}.`), one.note && h("p", { class: "pre" }, one.note),
    one.evidence.length > 0 && h("details", {}, h("summary", {}, `${number(one.evidence.length)} ${one.evidence.length === 1 ? "case shows" : "cases show"} it`), h("p", {}, one.evidence.map((id) => h("a", { class: "part", href: `/cases?text=${id}` }, id)))),
    owner && laterForm(one));
}

function list() {
  return show(async () => {
    const found = await get("/outcomes", { dataset: asked("dataset") });
    if (found.outcomes.length === 0) return none("None is recorded", "Production has the last word: record what became of each release, and later what production said.", owner ? null : "anchorset outcome");
    const told = found.outcomes.filter((one) => one.confirmed !== null);
    return [h("p", { class: "lead" }, told.length === 0 ? "No outcome has both a verdict and a word from production yet." : `Production confirmed ${number(told.filter((one) => one.confirmed).length)} of ${number(told.length)} verdicts.`), found.outcomes.map(outcome)];
  });
}

// ---------------------------------------------------------------- recording one

async function evidence(box, dataset, candidate, runs, lost) {
  const run = runs.filter((one) => one.dataset === dataset && (one.target === candidate || `${one.target}@${one.version}` === candidate))[0];
  if (!run) return fill(box, h("p", { class: "quiet" }, "It did not run on this version: name cases by their id."));
  const { results, total } = await get(`/runs/${encodeURIComponent(run.run)}/results`, { what: "failed", limit: SHOWN });
  const rows = results.filter((one) => one.line);
  rows.sort((a, b) => lost.has(b.case) - lost.has(a.case));
  if (rows.length === 0) return fill(box, h("p", { class: "quiet" }, "Nothing failed in its run."));
  return fill(box, h("p", { class: "quiet" }, `${number(total)} of its answers failed${total > rows.length ? `; the first ${number(rows.length)} are listed` : ""}. Tick those that show why.`),
    h("ul", { class: "evidence", tabindex: "0" }, rows.map((one) => h("li", {}, h("input", { type: "checkbox", name: "case", value: one.case, id: `e-${one.name}` }),
      h("label", { for: `e-${one.name}` }, one.line.text, " ", h("span", { class: "tag" }, one.line.bucket), lost.has(one.case) && badge("warn", "the baseline passed it"))))));
}

async function recordForm() {
  const [{ datasets }, { runs }, { reasons }] = await Promise.all([get("/datasets"), get("/runs"), get("/outcomes")]);
  if (datasets.length === 0) return;
  const refs = datasets.map((one) => `${one.name}@${one.version}`).reverse();
  const names = (dataset) => {
    const here = runs.filter((one) => one.dataset === dataset);
    const many = new Set(here.filter((one) => here.some((other) => other.target === one.target && other.version !== one.version)).map((one) => one.target));
    return Array.from(new Set(here.map((one) => (many.has(one.target) ? `${one.target}@${one.version}` : one.target))));
  };
  const found = h("div", {});
  const said = h("p", { class: "quiet" });
  const targets = h("datalist", { id: "targets" });
  const field = (label, element) => h("label", {}, label, element);
  const choices = (name, values, chosen = "") => h("select", { name }, values.map(([value, label]) => h("option", { value, selected: value === chosen }, label)));
  const dataset = choices("dataset", refs.map((ref) => [ref, ref]), asked("dataset"));
  const candidate = h("input", { name: "candidate", required: true, list: "targets", maxlength: "300", autocomplete: "off" });
  const baseline = h("select", { name: "baseline" });
  const verdict = choices("verdict", [["", "nothing"], ["PASS", "PASS"], ["BLOCK", "BLOCK"], ["INCONCLUSIVE", "INCONCLUSIVE"]]);
  let looking = 0;
  const look = async () => {
    looking += 1;
    const now = looking;
    let lost = new Set();
    fill(said, "");
    if (candidate.value && baseline.value && baseline.value !== candidate.value) {
      try {
        const one = await get("/compare", { dataset: dataset.value, baseline: baseline.value, candidate: candidate.value });
        if (now !== looking) return;
        verdict.value = one.verdict ?? "";
        lost = new Set(Object.values(one.flips).flatMap((flip) => flip.lost));
        fill(said, `${one.says}. ${one.reasons[0]?.message ?? ""}`);
      } catch (error) { fill(said, error.message); }
    }
    if (candidate.value) await evidence(found, dataset.value, candidate.value, runs, lost).catch((error) => fill(found, h("p", { class: "error" }, error.message)));
  };
  const fillNames = () => {
    const there = names(dataset.value);
    fill(targets, there.map((name) => h("option", { value: name })));
    if (!candidate.value) candidate.value = asked("candidate") || there[0] || "";
    fill(baseline, h("option", { value: "" }, "nothing"), there.filter((name) => name !== candidate.value).map((name) => h("option", { value: name, selected: name === (asked("baseline") || there.find((one) => one !== candidate.value)) }, name)));
    return look();
  };
  dataset.onchange = fillNames;
  candidate.onchange = fillNames;
  baseline.onchange = look;
  const form = h("form", { class: "entry", onsubmit: save },
    h("div", { class: "fields" }, field("Version", dataset), field("What was decided about", candidate), field("Held against", baseline), field("The evaluation said", verdict)), targets, said,
    h("fieldset", {}, h("legend", {}, "Decision"), Object.entries(DECISIONS).map(([value, label]) => h("label", {}, h("input", { type: "radio", name: "decision", value, required: true }), ` ${label}`))),
    h("fieldset", {}, h("legend", {}, "Reasons (a rejection or failure needs one)"), reasons.map((reason) => h("label", {}, h("input", { type: "checkbox", name: "reason", value: reason }), ` ${words(reason)}`))),
    h("label", {}, "Note (an edit needs one)", h("textarea", { name: "note", rows: "2", maxlength: "5000" })),
    h("fieldset", {}, h("legend", {}, "Evidence")), found, h("label", {}, "More cases, by id ", h("input", { name: "ids", placeholder: "c_…, c_…" })),
    h("div", { class: "fields" }, field("Make these cases", choices("promote", [["", "nothing else"], ["regression", "regression: they once failed"], ["golden", "golden: they are right"]])),
      field("Production said", choices("production", [["", "not known yet"], ["better", "better"], ["same", "same"], ["worse", "worse"]]))),
    h("p", { class: "quiet" }, "A seed that becomes regression or golden leaves the anchor; a synthetic case keeps its bucket and lineage and is tagged."),
    h("div", { class: "row" }, h("button", { class: "good" }, "Record")));
  async function save(event) {
    event.preventDefault();
    const data = new FormData(form);
    const ids = [...data.getAll("case"), ...String(data.get("ids")).split(/[\s,]+/).filter(Boolean)];
    form.querySelector(".row button").disabled = true;
    try {
      const done = await post("/outcomes", { request: requestId(), dataset: data.get("dataset"), candidate: data.get("candidate"), decision: data.get("decision"), reasons: data.getAll("reason"),
        verdict: data.get("verdict") || null, production: data.get("production") || null, note: data.get("note"), cases: ids, promote: data.get("promote") || null });
      toast([`Recorded${done.promoted.length > 0 ? `; ${number(done.promoted.length)} promoted` : ""}.`, ...done.notes].join(" "));
      details.open = false;
      list();
    } catch (error) { toast(error.message, "bad"); }
    form.querySelector(".row button").disabled = false;
  }
  const details = h("details", { open: asked("candidate") !== "" }, h("summary", {}, "Record an outcome"), form);
  fill(place, details);
  await fillNames();
}

await list();
if (owner) recordForm().catch((error) => fill(place, h("p", { class: "error" }, error.message)));
