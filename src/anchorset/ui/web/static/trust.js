// The five questions, the signals and their pictures for one version; and the reports that lie in the workspace.
import { get } from "./api.js";
import { h } from "./dom.js";
import { badge, chooseDataset, none, number, pictures, show, when } from "./pieces.js";

const MARKS = { yes: "✓ yes", no: "✕ no", unknown: "? unknown" };
const TONES = { yes: "good", no: "bad", unknown: "caution" };

function answers(replies, titles) {
  return h("ul", { class: "answers" }, replies.map((one) => h("li", { class: TONES[one.answer] }, badge(one.answer, MARKS[one.answer]), h("div", {},
    h("h3", {}, titles[one.id]), h("p", {}, one.evidence), one.todo && h("p", { class: "todo" }, one.todo),
    one.cases.length > 0 && h("p", { class: "quiet" }, "Shown by ", one.cases.slice(0, 8).map((id, nth) => [nth > 0 && ", ", h("a", { href: `/cases?text=${id}` }, id)]))))));
}

async function reports() {
  const { reports: found } = await get("/reports");
  return found.length > 0 && h("section", {}, h("h2", {}, "Reports that lie in the workspace"), h("ul", {}, found.map((one) =>
    h("li", {}, h("a", { href: `/reports/file?path=${encodeURIComponent(one.path)}` }, one.path), ` ${one.title}, ${when(new Date(one.changed * 1000).toISOString())}`))));
}

async function draw(ref) {
  const found = await get("/trust", { dataset: ref });
  const by = (answer) => found.signals.filter((one) => one.answer === answer);
  const loud = [...by("no"), ...by("unknown")];
  const verdicts = found.moves.filter((one) => one.verdict);
  return [
    h("p", { class: `verdict ${TONES[found.tone]}` }, found.says), h("p", { class: "lead" }, `Next: ${found.next}`),
    h("p", { class: "links" }, ref && h("a", { href: `/reports/trust/${encodeURIComponent(ref)}` }, "The whole report"), ref && h("a", { href: `/audit?dataset=${encodeURIComponent(ref)}` }, "Audit"), h("a", { href: "/runs" }, "Runs"), h("a", { href: "/outcomes" }, "Outcomes")),
    h("section", {}, h("h2", {}, "Five questions"), answers(found.questions, found.titles)),
    verdicts.length > 0 && h("section", {}, h("h2", {}, "Verdicts of the changes"), h("ul", { class: "answers" }, verdicts.map((one) => h("li", {}, badge(one.verdict), h("div", {}, h("h3", {}, `${one.candidate} against ${one.baseline}`),
      h("p", {}, `Seed and synthetic: ${one.says}.`)))))),
    loud.length > 0 && h("section", {}, h("h2", {}, "Signals that ask for something"), answers(loud, found.titles)),
    by("yes").length > 0 && h("section", {}, h("details", {}, h("summary", {}, `Signals that are as they should be (${number(by("yes").length)})`), answers(by("yes"), found.titles))),
    pictures(found.drawn),
    found.notes.length > 0 && h("ul", { class: "quiet" }, found.notes.map((note) => h("li", {}, note))),
    await reports(),
  ];
}

const ref = await chooseDataset(document.getElementById("choose"), (now) => show(() => draw(now))).catch(() => "");
show(() => (ref === "" ? none("No version yet", "The five questions are about a dataset version.", "anchorset ship NAME") : draw(ref)));
