// All runs of targets, and two of them on one version compared.
import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { comparison } from "./comparison.js";
import { asked, n, none, number, rate, show, table, toDataset, toRun, when } from "./pieces.js";

function versus(runs) {
  const byVersion = new Map();
  for (const one of runs) byVersion.set(one.dataset, (byVersion.get(one.dataset) ?? 0) + 1);
  const refs = Array.from(byVersion).filter(([, count]) => count > 1).map(([ref]) => ref);
  if (refs.length === 0) return null;
  const place = h("div", {});
  const form = h("form", { class: "choose" });
  const named = { baseline: asked("baseline"), candidate: asked("candidate") };
  const draw = async (ref) => {
    const here = runs.filter((one) => one.dataset === ref);
    const detail = await get(`/runs/${encodeURIComponent(here[0].run)}`);
    const names = [...(detail.name ? [detail.name] : []), ...detail.others.map((one) => one.name).reverse()];
    const baseline = names.includes(named.baseline) ? named.baseline : names.at(-1);
    const candidate = names.includes(named.candidate) ? named.candidate : names[0];
    const choice = (name, value) => h("label", {}, `${name} `, h("select", { name }, names.map((one) => h("option", { value: one, selected: one === value }, one))));
    fill(form, refs.length > 1 && h("label", {}, "version ", h("select", { onchange: (event) => draw(event.target.value) }, refs.map((one) => h("option", { value: one, selected: one === ref }, one)))),
      choice("baseline", baseline), choice("candidate", candidate), h("button", {}, "Compare"));
    form.onsubmit = (event) => {
      event.preventDefault();
      const data = new FormData(form);
      history.replaceState(null, "", `?dataset=${encodeURIComponent(ref)}&baseline=${encodeURIComponent(data.get("baseline"))}&candidate=${encodeURIComponent(data.get("candidate"))}`);
      comparison(place, { dataset: ref, baseline: data.get("baseline"), candidate: data.get("candidate") });
    };
    if (asked("baseline") && asked("candidate")) form.requestSubmit();
  };
  draw(refs.includes(asked("dataset")) ? asked("dataset") : refs[0]).catch((error) => fill(place, h("p", { class: "error" }, error.message)));
  return h("section", {}, h("h2", {}, "Compare"), form, place);
}

show(async () => {
  const { runs } = await get("/runs");
  if (runs.length === 0) return none("Nothing ran yet", "A target of the configuration answers a version with", "anchorset run NAME --target TARGET");
  return [
    table(["run", "its version", "dataset", n("passed"), n("failed"), n("not judged"), n("rate"), "began"], runs.map((one) => {
      const judged = one.rates.passed + one.rates.failed;
      return [h("th", { scope: "row" }, toRun(one.run, one.target)), one.version, one.dataset.includes("@") ? toDataset(one.dataset) : one.dataset,
        number(one.rates.passed), number(one.rates.failed), number(one.rates.none), rate(judged ? one.rates.passed / judged : null), when(one.started_at)];
    })),
    h("p", { class: "quiet" }, "The rate pools all rows; a run's own page splits it by where the cases came from."),
    versus(runs),
  ];
});
