// What checks and judges found can be kept back until the reviewer has decided, so that their own eye comes first.
import { get } from "./api.js";
import { fill, h } from "./dom.js";

const KEPT = "anchorset.hide";

export function hiding(asConfigured) {
  // Whether this reviewer wants it so: as they last said on this machine, else as the workspace has it.
  const said = localStorage.getItem(KEPT);
  return said === null ? asConfigured : said === "yes";
}

export function keepHiding(on) {
  localStorage.setItem(KEPT, on ? "yes" : "no");
}

export async function tellAfter(box, one) {
  // After the decision on a case whose findings were hidden: what had been found.
  if (!one.hidden) return fill(box);
  const found = await get(`/cases/${encodeURIComponent(one.id)}`, { content: one.content }).catch(() => null);
  if (!found) return;
  fill(box, "Of the case before: ", found.findings.length === 0 ? "no check had anything against it."
    : found.findings.map((finding, at) => [at > 0 && "; ", h("strong", {}, finding.check), ` said ${finding.says}`, finding.evidence && `: ${finding.evidence.slice(0, 160)}`]));
}
