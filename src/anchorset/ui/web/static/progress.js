// Where the review stands. Every number leads to its cases.
import { get, queryOf } from "./api.js";
import { count, fill, h, percent } from "./dom.js";
import { drawPeople } from "./people.js";

const stage = document.getElementById("stage");
const LOW = 0.65;
const HIGH = 0.85;

// A rate; with one more digit where a whole percent would lie on the other side of the band: 11 of 17 are not 65 %.
function rated(rate) {
  const whole = Math.round(rate * 100) / 100;
  if (rate !== null && rate < LOW && whole >= LOW) return `${(Math.floor(rate * 1000) / 10).toFixed(1)}\u00a0%`;
  if (rate > HIGH && whole <= HIGH) return `${(Math.ceil(rate * 1000) / 10).toFixed(1)}\u00a0%`;
  return percent(rate);
}

const link = (query, text) => h("a", { href: `/cases${queryOf(query)}` }, text);

function tone(one) {
  if (one.rate === null) return "none";
  if (one.band === "few") return "few";
  const place = one.rate < LOW ? "below" : one.rate > HIGH ? "above" : "in";
  return `${place}${["caricature", "low", "high"].includes(one.band) ? " sure" : ""}`;
}

function square(one, query) {
  const decided = one ? one.kept + one.rejected : 0;
  if (!one || decided === 0) return h("td", { class: "none" }, "–");
  return h("td", { class: tone(one), title: `${one.advice}; 95 % interval ${percent(one.low)} to ${percent(one.high)}` },
    link({ ...query, decided: true }, rated(one.rate)), h("small", {}, `${one.kept.toLocaleString("en")} of ${decided.toLocaleString("en")}`));
}

function heat(found) {
  const [first, second] = found.axes;
  if (found.axes.length === 2 && Object.keys(found.by_cell).length > 0) {
    const values = (axis) => Object.keys(found.by_axis[axis] ?? {});
    return h("div", { class: "scroll", tabindex: "0" }, h("table", { class: "heat" },
      h("caption", {}, `Survival by ${first.replaceAll("_", " ")} (down) and ${second.replaceAll("_", " ")} (across)`),
      h("thead", {}, h("tr", {}, h("td", {}), values(second).map((value) => h("th", { scope: "col" }, value)), h("th", { scope: "col" }, "all"))),
      h("tbody", {}, values(first).map((row) => h("tr", {}, h("th", { scope: "row" }, row),
        values(second).map((column) => { const cell = `${first}=${row},${second}=${column}`; return square(found.by_cell[cell], { cell }); }),
        square(found.by_axis[first][row], { axis: `${first}=${row}` }))),
      h("tr", {}, h("th", { scope: "row" }, "all"), values(second).map((column) => square(found.by_axis[second][column], { axis: `${second}=${column}` })), square(found.survival, {})))));
  }
  return Object.entries(found.by_axis).map(([axis, slices]) => bars(axis, slices, (value) => ({ axis: `${axis}=${value}` })));
}

function bars(title, slices, query) {
  const rows = Object.entries(slices);
  if (rows.length === 0) return null;
  return h("section", {}, h("h2", {}, title[0].toUpperCase() + title.slice(1).replaceAll("_", " ")), h("div", { class: "scroll", tabindex: "0" }, h("table", { class: "bars" },
    h("thead", {}, h("tr", {}, h("th", {}, ""), h("th", { class: "number" }, "decided"), h("th", {}, "survival, with its 95 % interval; band 65–85 %"), h("th", {}, ""))),
    h("tbody", {}, rows.map(([value, one]) => h("tr", {}, h("th", { scope: "row" }, value),
      h("td", { class: "number" }, link({ ...query(value), decided: true }, (one.kept + one.rejected).toLocaleString("en"))),
      h("td", {}, interval(one)), h("td", { class: "advice" }, one.advice)))))));
}

function interval(one) {
  const svg = (name, attributes) => { const found = document.createElementNS("http://www.w3.org/2000/svg", name); for (const [key, value] of Object.entries(attributes)) found.setAttribute(key, value); return found; };
  const picture = svg("svg", { viewBox: "-5 0 210 18", class: `interval ${tone(one)}`, role: "img", "aria-label": `${rated(one.rate)}, ${percent(one.low)} to ${percent(one.high)}` });
  picture.append(svg("rect", { class: "band", x: LOW * 200, y: 0, width: (HIGH - LOW) * 200, height: 18 }), svg("line", { class: "axis", x1: 0, x2: 200, y1: 9, y2: 9 }));
  if (one.rate !== null) picture.append(svg("line", { class: "limits", x1: one.low * 200, x2: one.high * 200, y1: 9, y2: 9 }), svg("circle", { cx: one.rate * 200, cy: 9, r: 4.5 }));
  return h("span", { class: "measured" }, picture, h("span", {}, rated(one.rate)));
}

function duration(seconds) {
  if (seconds === null) return null;
  if (seconds < 90) return count(Math.max(1, Math.round(seconds)), "second");
  if (seconds < 5400) return count(Math.round(seconds / 60), "minute");
  return count(Math.round(seconds / 360) / 10, "hour");
}

function numbers(found) {
  const one = (n, label, query) => h("div", { class: "number-box" }, h("strong", {}, query ? link(query, n.toLocaleString("en")) : n), h("span", {}, label));
  return h("div", { class: "numbers" },
    one(found.pending, "wait", { real: false, counting: true, status: "passed" }),
    one(found.approved, "approved", { decided: true, status: "approved" }),
    one(found.edited, "edited", { decided: true, status: "edited" }),
    one(found.rejected, "rejected", { decided: true, status: "rejected" }),
    one(rated(found.survival.rate), `survival (${percent(found.survival.low)} to ${percent(found.survival.high)})`),
    found.seeds_waiting > 0 && h("div", { class: "number-box" }, h("strong", {}, h("a", { href: "/?lane=seeds" }, found.seeds_waiting.toLocaleString("en"))), h("span", {}, "seeds without an answer")));
}

function reasons(found) {
  const rows = Object.entries(found.reasons).sort((a, b) => b[1] - a[1]);
  return rows.length > 0 && h("section", {}, h("h2", {}, "Rejected because"), h("table", {}, h("tbody", {}, rows.map(([reason, n]) =>
    h("tr", {}, h("th", { scope: "row" }, reason.replaceAll("_", " ")), h("td", { class: "number" }, link({ reason }, n.toLocaleString("en"))))))));
}

try {
  const found = await get("/status");
  fill(stage, numbers(found), h("section", {}, heat(found), h("p", { class: "quiet key" },
    h("span", { class: "swatch below" }), "under 65 %: the generation is off ", h("span", { class: "swatch in" }), "inside the band ",
    h("span", { class: "swatch above" }), "over 85 %: likely too easy. Framed: the whole interval lies outside. Grey: fewer than ten decisions.")),
    bars("technique", found.by_technique, (value) => ({ bucket: value })), bars("persona", found.by_persona, (value) => ({ persona: value })),
    h("div", { class: "columns" }, drawPeople(found, duration), reasons(found)));
} catch (error) {
  fill(stage, h("p", { class: "error" }, error.message));
}
stage.setAttribute("aria-busy", "false");
