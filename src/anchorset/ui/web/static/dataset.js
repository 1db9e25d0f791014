// One version: what is in it, whether it is as it was shipped, what changed, its rows, files, runs and pictures.
import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { markdown } from "./markdown.js";
import { asked, badge, box, n, number, openCase, pager, part, pictures, rate, show, table, toRun, when, words } from "./pieces.js";

const ref = part();
const path = `/datasets/${encodeURIComponent(ref)}`;
const AT_A_TIME = 25;
const REAL = ["seed", "regression", "golden"];

function later(place, draw) {
  show(draw, place);
  return place;
}

function wanted(found, bucket) {
  const own = found.mix[bucket];
  if (own) return rate(own.wanted);
  return found.mix.generated && !REAL.includes(bucket) ? `${rate(found.mix.generated.wanted)} (all generated)` : "–";
}

function rows(found) {
  const splits = Object.keys(found.by_split);
  const buckets = Object.keys(found.by_bucket).sort((a, b) => (REAL.includes(b) - REAL.includes(a)) || found.by_bucket[b] - found.by_bucket[a]);
  const link = (count, query) => (count ? h("a", { href: `#cases`, onclick: () => choose(query) }, number(count)) : "–");
  return table(["from", n("rows"), n("share"), n("declared"), n("could be taken"), ...splits.map((split) => n(split))],
    buckets.map((bucket) => [h("th", { scope: "row" }, bucket), link(found.by_bucket[bucket], { bucket }), rate(found.by_bucket[bucket] / found.rows), wanted(found, bucket),
      number(found.mix[bucket]?.available), ...splits.map((split) => link(found.crossed[bucket]?.[split], { bucket, split }))])
      .concat([[h("th", { scope: "row" }, "all"), link(found.rows, {}), "", "", "", ...splits.map((split) => link(found.by_split[split], { split }))]]));
}

function verify(place) {
  return later(place, async () => {
    const said = await get(`${path}/verify`);
    return [
      h("p", {}, said.ok ? badge("yes", "✓ proved") : badge("no", "✕ touched"), " ",
        said.ok ? "Every file and row is as it was shipped, and nothing crosses a split." : "Something is not as it was shipped:"),
      said.problems.length > 0 && h("ul", {}, said.problems.map((one) => h("li", {}, `${one.file}${one.row ? ` ${one.row}` : ""}: ${one.what}`))),
      said.stale.length > 0 && h("p", { class: "quiet" }, "Stale, which is no fault of the version: ", said.stale.join("; "), "."),
    ];
  });
}

function diff(found) {
  if (found.others.length === 0) return h("p", { class: "quiet" }, "There is no other version to compare it with.");
  const place = h("div", {});
  const draw = (against) => later(place, async () => {
    const said = await get(`${path}/diff`, { against });
    const counts = (by) => Object.entries(by).map(([name, c]) => [h("th", { scope: "row" }, name), number(c.added), number(c.removed), number(c.changed)]);
    const head = (name) => [name, n("added"), n("removed"), n("changed")];
    return [h("p", {}, `Against ${against}: ${said.says}.`, said.bump && ` That is a ${said.bump} change.`),
      h("div", { class: "columns" }, counts(said.by_bucket).length > 0 && table(head("from"), counts(said.by_bucket)),
        Object.entries(said.by_axis).map(([axis, values]) => table(head(words(axis)), counts(values))))];
  });
  const first = found.previous ? found.others.find((one) => one.endsWith(`@${found.previous}`) || one === found.previous) ?? found.others.at(-1) : found.others.at(-1);
  draw(first);
  return [h("label", {}, "Against ", h("select", { onchange: (event) => draw(event.target.value) }, found.others.map((one) => h("option", { value: one, selected: one === first }, one)))), place];
}

let filter = { bucket: asked("bucket"), split: asked("split"), status: asked("status"), text: asked("text") };
let offset = 0;
const list = h("div", { id: "rows" });
const form = h("form", { class: "filters" });

function choose(query) {
  filter = { bucket: "", split: "", status: "", text: "", ...query };
  offset = 0;
  for (const field of form.querySelectorAll("[name]")) field.value = filter[field.name];
  drawRows();
}

function drawRows() {
  const text = new URLSearchParams(Object.entries(filter).filter(([, value]) => value)).toString();
  history.replaceState(null, "", `${location.pathname}${text ? `?${text}` : ""}${location.hash}`);
  return later(list, async () => {
    const said = await get(`${path}/cases`, { ...filter, limit: AT_A_TIME, offset });
    const turn = (to) => { offset = to; drawRows(); };
    return [pager(said.total, offset, AT_A_TIME, "case", turn), h("div", { class: "scroll", tabindex: "0" }, h("table", { class: "list" },
      h("thead", {}, h("tr", {}, ["what the user says", "from", "cell", "split", "decided by"].map((one) => h("th", { scope: "col" }, one)))),
      h("tbody", {}, said.cases.map((one) => h("tr", {}, h("td", {}, h("button", { type: "button", class: "plain text", onclick: () => openCase(one.id, one.content) }, one.text || "(no text)")),
        h("td", {}, one.bucket), h("td", {}, one.cell.filter(Boolean).map((value) => h("span", { class: "part" }, value))), h("td", {}, one.split ?? ""),
        h("td", {}, one.reviews.length > 0 ? one.reviews.map((said_) => h("span", { class: "part" }, `${said_.decision}: ${said_.reviewer}`)) : one.status === "sampled" ? "a sample of its kind" : REAL.includes(one.bucket) ? "real" : "nobody"))))))];
  });
}

function cases(found) {
  const select = (name, values) => h("label", {}, words(name === "bucket" ? "from" : name), h("select", { name, onchange: read }, h("option", { value: "" }, "any"), values.map((value) => h("option", { value, selected: filter[name] === value }, value))));
  let waiting;
  function read() {
    for (const field of form.querySelectorAll("[name]")) filter[field.name] = field.value;
    offset = 0;
    drawRows();
  }
  form.onsubmit = (event) => { event.preventDefault(); read(); };
  fill(form, h("label", { class: "wide" }, "text or id", h("input", { name: "text", type: "search", value: filter.text, oninput: () => { clearTimeout(waiting); waiting = setTimeout(read, 200); } })),
    select("bucket", Object.keys(found.by_bucket)), select("split", Object.keys(found.by_split)), select("status", Object.keys(found.statuses)));
  drawRows();
  return [form, list];
}

async function runs() {
  const said = await get("/runs", { dataset: ref });
  if (said.runs.length === 0) return h("p", { class: "quiet" }, "Nothing ran on it yet: ", h("code", {}, `anchorset run ${ref} --target NAME`), " asks your application.");
  return table(["target", "version", n("passed"), n("failed"), "began"], said.runs.map((one) => [h("th", { scope: "row" }, toRun(one.run, one.target)), one.version, number(one.rates.passed), number(one.rates.failed), when(one.started_at)]));
}

function drawn() {
  const place = h("div", {});
  const details = h("details", { ontoggle: () => {
    if (details.open && !place.hasChildNodes()) {
      place.append(h("p", { class: "quiet" }, "Drawing: this takes some seconds …"));
      later(place, async () => pictures((await get("/trust", { dataset: ref })).drawn));
    }
  } }, h("summary", {}, "Pictures: pass rates, survival, distances, words, behaviour map"), place);
  return details;
}

show(async () => {
  const found = await get(path);
  document.getElementById("name").textContent = found.ref;
  document.title = `${found.ref} · anchorset`;
  const checks = h("div", {}, h("p", { class: "quiet" }, "Holding every file and row against the manifest …"));
  const ran = h("div", {});
  verify(checks);
  later(ran, runs);
  const files = Object.entries(found.files);
  return [
    h("p", {}, found.why, ` · made ${when(found.made_at)}`, found.owner && ` · ${found.owner}`, found.licence && ` · ${found.licence}`),
    h("p", { class: "quiet" }, "digest ", h("code", {}, found.digest)),
    h("div", { class: "numbers" }, box(number(found.rows), "rows"), box(number(found.seed_groups), "groups of seeds"), box(number(found.clusters), "clusters"),
      box(number(found.unreviewed), "unreviewed"), box(number(found.sampled), "stand for a sample"), box(number(found.leaks), "crossing pairs")),
    h("p", { class: "links" }, h("a", { href: `/packet/${encodeURIComponent(ref)}` }, "Audit packet"), h("a", { href: `/audit?dataset=${encodeURIComponent(ref)}` }, "Audit"),
      h("a", { href: `/trust?dataset=${encodeURIComponent(ref)}` }, "Trust"), h("a", { href: `/outcomes?dataset=${encodeURIComponent(ref)}` }, "Outcomes")),
    found.warnings.length > 0 && h("section", {}, h("h2", {}, "Warnings"), h("ul", {}, found.warnings.map((one) => h("li", {}, one)))),
    h("section", {}, h("h2", {}, "Is it as it was shipped?"), checks),
    h("section", {}, h("h2", {}, "Rows by bucket and split"), rows(found)),
    h("section", {}, h("h2", {}, "What changed"), diff(found)),
    h("section", {}, h("h2", {}, "Runs on it"), ran),
    h("section", {}, h("h2", { id: "cases" }, "Cases"), cases(found)),
    h("section", {}, h("details", {}, h("summary", {}, "Card"), h("div", { class: "card" }, markdown(found.card)))),
    h("section", {}, drawn()),
    h("section", {}, h("h2", {}, "Files"), table(["file", "sha256"], files.map(([name, digest]) => [h("th", { scope: "row" }, h("a", { href: `/api${path}/files/${name}`, download: "" }, name)), digest ? h("code", {}, digest) : h("span", { class: "quiet" }, "holds all the others")]), { name: "fixed" }),
      h("details", {}, h("summary", {}, "What went in"), table(["input", "digest"], Object.entries(found.lock).map(([name, digest]) => [h("th", { scope: "row" }, name), h("code", {}, digest)])))),
  ];
});
