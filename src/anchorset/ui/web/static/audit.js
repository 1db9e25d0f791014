// Is the synthetic part of a version wearing a costume? Every signal with its band.
import { get } from "./api.js";
import { h } from "./dom.js";
import { badge, chooseDataset, none, number, pictures, show } from "./pieces.js";

const MARKS = { pass: "✓ pass", warn: "! warn", fail: "✕ fail", unknown: "? unknown" };
const TONES = { healthy: "good", drifted: "bad", inconclusive: "caution", pass: "good", fail: "bad", warn: "caution", unknown: "muted" };

function signals(found, wanted) {
  return h("ul", { class: "answers" }, wanted.map((one) => h("li", { class: TONES[one.status] }, badge(one.status, MARKS[one.status]), h("div", {},
    h("h3", {}, found.titles[one.name]), h("p", {}, one.why), one.examples.length > 0 && h("ul", { class: "quiet examples" }, one.examples.slice(0, 3).map((text) => h("li", {}, text.slice(0, 200))))))));
}

async function draw(ref) {
  const found = await get(`/datasets/${encodeURIComponent(ref)}/audit`);
  const by = (...status) => found.signals.filter((one) => status.includes(one.status));
  return [
    h("p", { class: `verdict ${TONES[found.verdict]}` }, found.says), h("p", { class: "lead" }, found.means),
    h("p", { class: "links" }, h("a", { href: `/reports/audit/${encodeURIComponent(ref)}` }, "The whole report"), h("a", { href: `/trust?dataset=${encodeURIComponent(ref)}` }, "Trust")),
    h("p", { class: "quiet" }, `${number(found.n_synthetic)} synthetic cases (red team left out) against ${number(found.n_real)} seeds.`),
    by("fail").length > 0 && h("section", {}, h("h2", {}, "What differs"), signals(found, by("fail"))),
    by("warn").length > 0 && h("section", {}, h("h2", {}, "Worth a look"), signals(found, by("warn"))),
    pictures(found.drawn),
    h("section", {}, h("details", {}, h("summary", {}, `The other signals (${number(by("pass", "unknown").length)})`), signals(found, by("pass", "unknown")))),
    found.notes.length > 0 && h("ul", { class: "quiet" }, found.notes.map((note) => h("li", {}, note))),
  ];
}

const ref = await chooseDataset(document.getElementById("choose"), (now) => show(() => draw(now))).catch(() => "");
show(() => (ref === "" ? none("No version yet", "An audit holds the synthetic cases of a version against its seed.", "anchorset ship NAME") : draw(ref)));
