// A candidate held against a baseline: the verdict with its reasons, the numbers by bucket, what changed.
import { get, queryOf } from "./api.js";
import { h } from "./dom.js";
import { n, number, pictures, points, rate, show, table, words } from "./pieces.js";

const TONES = { PASS: "good", BLOCK: "bad", INCONCLUSIVE: "caution" };
const interval = (one) => `${points(one.low)} to ${points(one.high)}`;
const p = (value) => (value < 0.001 ? "<0.001" : value.toFixed(3));

export function measures(found) {
  const pooled = [["all synthetic", found.synthetic], [found.overall_name, found.overall]].filter(([, one]) => one);
  const rows = [...found.buckets.map((one) => [one.bucket, one]), ...pooled];
  return table(["from", n("cases"), n("groups"), n("baseline"), n("candidate"), n("change"), n("95 % interval"), n("p"), n("gained"), n("lost")],
    rows.map(([name, one]) => [h("th", { scope: "row" }, name), number(one.n), number(one.clusters), rate(one.baseline), rate(one.candidate), points(one.delta), interval(one), p(one.p), number(one.gained), number(one.lost)]));
}

export function verdict(found) {
  const plain = found.without_provenance;
  return [
    h("p", { class: `verdict ${TONES[found.verdict] ?? ""}` }, found.says),
    h("ul", { class: "reasons-said" }, found.reasons.map((one) => h("li", {}, `${words(one.code)}: ${one.message}`))),
    h("p", { class: "quiet" }, `${plain.message[0].toUpperCase()}${plain.message.slice(1)}.`),
  ];
}

function changed(found) {
  const rows = Object.entries(found.flips).filter(([, one]) => one.gained.length + one.lost.length > 0);
  const ids = (list) => list.slice(0, 40).map((id) => h("a", { class: "part", href: `/cases?text=${id}` }, id)).concat(list.length > 40 ? [h("span", { class: "part" }, `… and ${number(list.length - 40)} more`)] : []);
  return rows.length > 0 && h("details", {}, h("summary", {}, "Cases that changed"), h("div", { class: "side-by-side" }, rows.map(([bucket, one]) => [
    one.lost.length > 0 && h("div", {}, h("h3", {}, `${bucket}: lost ${number(one.lost.length)}`), ids(one.lost)),
    one.gained.length > 0 && h("div", {}, h("h3", {}, `${bucket}: gained ${number(one.gained.length)}`), ids(one.gained))])));
}

export function comparison(place, query) {
  return show(async () => {
    const found = await get("/compare", query);
    const one = found.interaction;
    return [
      verdict(found), measures(found),
      one && h("p", {}, `Seed minus synthetic: ${points(one.delta)} points (${interval(one)}), p ${p(one.p)}.`),
      found.mde !== null && h("p", { class: "quiet" }, `The seed sees a drop of ${(found.mde * 100).toFixed(1)} points (80 % power).`),
      found.notes.length > 0 && h("ul", { class: "quiet" }, found.notes.map((note) => h("li", {}, note))),
      h("p", { class: "links" }, h("a", { href: `/reports/compare/${encodeURIComponent(found.dataset)}${queryOf({ baseline: query.baseline, candidate: query.candidate })}` }, "The whole report"),
        h("a", { href: `/outcomes${queryOf({ dataset: found.dataset, candidate: query.candidate, baseline: query.baseline })}` }, "Record what was decided")),
      changed(found), pictures(found.drawn.slice(0, 1)),
    ];
  }, place);
}
