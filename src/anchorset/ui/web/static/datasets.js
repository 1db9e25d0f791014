// All dataset versions, the newest first.
import { get } from "./api.js";
import { h } from "./dom.js";
import { badge, n, none, number, show, table, toDataset, when } from "./pieces.js";

show(async () => {
  const { datasets } = await get("/datasets");
  if (datasets.length === 0) return none("No version yet", "What was decided becomes an immutable version with", "anchorset ship NAME");
  return [
    h("p", { class: "quiet" }, "A version never changes: its digest proves every row. Only seeds anchor a verdict; everything else widens coverage."),
    table(["version", n("rows"), n("seed"), n("synthetic"), "reviewed", "what changed", "made"], datasets.reverse().map((one) => {
      const real = ["seed", "regression", "golden"].reduce((sum, name) => sum + (one.by_bucket[name] ?? 0), 0);
      return [h("th", { scope: "row" }, toDataset(`${one.name}@${one.version}`)), number(one.rows), number(one.by_bucket.seed ?? 0), number(one.rows - real),
        one.unreviewed > 0 ? badge("warn", `${number(one.unreviewed)} unreviewed`) : badge("yes", "all decided"), one.why, when(one.made_at)];
    })),
  ];
});
