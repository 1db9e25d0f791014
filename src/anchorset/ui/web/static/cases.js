// All cases, filtered, a page at a time.
import { get } from "./api.js";
import { drawCase, drawNear, drawSide } from "./case.js";
import { count, fill, h } from "./dom.js";
import { drawFilters, fromAddress, toAddress } from "./filters.js";

const stage = document.getElementById("stage");
const AT_A_TIME = 50;
let wanted = fromAddress();
let offset = Math.max(0, Number(new URLSearchParams(location.search).get("offset")) || 0);
let asking = 0;

async function show() {
  asking += 1;
  const asked = asking;
  toAddress(wanted, offset > 0 ? { offset } : {});
  stage.setAttribute("aria-busy", "true");
  let found;
  try {
    found = await get("/cases", { ...wanted, limit: AT_A_TIME, offset });
  } catch (error) {
    fill(stage, h("p", { class: "error", role: "alert" }, error.message));
    return;
  }
  if (asked !== asking) return;
  stage.setAttribute("aria-busy", "false");
  const last = Math.min(offset + AT_A_TIME, found.total);
  const pager = () => h("p", { class: "pager" },
    h("span", { class: "total" }, found.total === 0 ? "No case fits." : `${offset + 1}–${last} of ${count(found.total, "case")}`),
    found.total > AT_A_TIME && h("button", { type: "button", disabled: offset === 0, onclick: () => turn(-AT_A_TIME) }, "Before"),
    found.total > AT_A_TIME && h("button", { type: "button", disabled: last >= found.total, onclick: () => turn(AT_A_TIME) }, "Next"));
  fill(stage, pager(), h("div", { class: "scroll" }, h("table", { class: "list" },
    h("thead", {}, h("tr", {}, ["what the user says", "from", "cell", "persona", "status"].map((name) => h("th", {}, name)))),
    h("tbody", {}, found.cases.map((one) => h("tr", {},
      h("td", {}, h("button", { type: "button", class: "plain text", onclick: () => open(one.id) }, one.text || "(no text)")),
      h("td", {}, one.bucket), h("td", {}, one.cell === "all" ? "" : one.cell.split(",").map((part) => h("span", { class: "part" }, part.slice(part.indexOf("=") + 1)))),
      h("td", {}, one.persona ?? ""), h("td", {}, one.aside ?? one.status, one.flags > 0 && h("span", { class: "tag" }, count(one.flags, "flag")))))))), found.total > AT_A_TIME && pager());
}

function turn(step) {
  offset = Math.max(0, offset + step);
  show().then(() => window.scrollTo(0, 0));
}

async function open(id) {
  const dialog = document.getElementById("one");
  try {
    const one = await get(`/cases/${encodeURIComponent(id)}`);
    fill(dialog, h("form", { method: "dialog", class: "close" }, h("button", {}, "Close ", h("kbd", {}, "Esc"))),
      h("div", { class: "two" }, h("div", {}, drawCase(one), one.reviews.length > 0 && h("section", { class: "said" }, h("h2", {}, "Decided"),
        h("ul", {}, one.reviews.map((said) => h("li", {}, `${said.decision}${said.reason ? ` (${said.reason.replaceAll("_", " ")})` : ""} by ${said.reviewer}, ${said.at.slice(0, 16).replace("T", " ")}`))))), drawSide(one)));
    dialog.showModal();
    dialog.scrollTo(0, 0);
    drawNear(dialog.querySelector("[data-near]"), await get(`/cases/${encodeURIComponent(id)}/near`), one.parents.map((parent) => parent.id));
  } catch (error) {
    fill(dialog, h("p", { class: "error" }, error.message), h("form", { method: "dialog" }, h("button", {}, "Close")));
    if (!dialog.open) dialog.showModal();
  }
}

drawFilters(document.getElementById("filters"), wanted, { changed: (now) => { wanted = now; offset = 0; show(); } })
  .catch((error) => fill(stage, h("p", { class: "error" }, error.message)));
show();
