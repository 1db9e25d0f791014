// Reviewers: how far they agree, how steady each is over time, and who is asked to pause.
import { queryOf } from "./api.js";
import { count, fill, h, percent } from "./dom.js";

const number = (value) => value === null ? "–" : value.toFixed(2);
const share = (one) => one.n === 0 ? "–" : `${percent(one.rate)} of ${one.n.toLocaleString("en")}`;
const limits = (one) => `95 % interval ${percent(one.low)} to ${percent(one.high)}`;

export function drawPeople(found, duration) {
  const { today, seconds_each, left_seconds } = found.pace;
  return h("section", { class: "people" }, h("h2", {}, "Reviewers"),
    h("p", {}, seconds_each === null ? "Your pace is not known yet: it takes a few decisions." : `Your pace: ${seconds_each} s a case, ${count(today, "decision")} on your latest day. What waits would take you about ${duration(left_seconds)}.`),
    table(found), agreement(found.agreement),
    found.disagreed > 0 && h("p", {}, h("a", { href: "/adjudicate" }, `${count(found.disagreed, "case")} that reviewers disagree about`)));
}

function table(found) {
  const names = Object.keys(found.reviewers);
  if (names.length === 0) return null;
  const rechecked = names.some((name) => found.people[name]?.self_agreement.n > 0);
  return h("div", { class: "scroll", tabindex: "0" }, h("table", {},
    h("thead", {}, h("tr", {}, h("th", {}, "who"), h("th", { class: "number" }, "decisions"), h("th", {}, "approval over time"),
      rechecked && h("th", { title: "Known cases that came again, unmarked: how many were decided as before" }, "as before"))),
    h("tbody", {}, names.map((name) => {
      const one = found.people[name];
      return [h("tr", {}, h("th", { scope: "row" }, name),
        h("td", { class: "number" }, h("a", { href: `/cases${queryOf({ reviewer: name })}` }, found.reviewers[name].toLocaleString("en"))),
        h("td", {}, one ? line(one.approval, one.window) : null),
        rechecked && h("td", { title: one ? limits(one.self_agreement) : "" }, one ? share(one.self_agreement) : "–")),
      one?.nudge && h("tr", { class: "nudged" }, h("td", { colspan: "4" }, one.nudge.says))];
    }))));
}

export function line(points, window) {
  if (points.length === 0) return h("span", { class: "quiet" }, `after ${window / 2} decisions`);
  const svg = (name, attributes) => { const made = document.createElementNS("http://www.w3.org/2000/svg", name); for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value); return made; };
  const shown = points.slice(-30);
  const x = (at) => shown.length === 1 ? 60 : 4 + at * 112 / (shown.length - 1);
  const y = (rate) => 22 - 20 * rate;
  const picture = svg("svg", { viewBox: "0 0 120 24", class: "approval", role: "img", "aria-label": `Approvals of each ${window} decisions: ${shown.map((one) => percent(one.rate)).join(", ")}` });
  picture.append(svg("rect", { class: "band", x: 0, y: y(0.85), width: 120, height: y(0.65) - y(0.85) }),
    svg("polyline", { points: shown.map((one, at) => `${x(at)},${y(one.rate)}`).join(" ") }),
    svg("circle", { cx: x(shown.length - 1), cy: y(shown.at(-1).rate), r: 2.5 }));
  return h("span", { class: "measured" }, picture, h("span", { title: limits(shown.at(-1)) }, percent(shown.at(-1).rate)));
}

function agreement(one) {
  if (one.n === 0) return h("p", { class: "quiet" }, "Nothing was decided by two people yet, so nobody can say whether they agree.");
  const said = (found) => found.value === null ? "not known: all said the same throughout" : `${number(found.value)} (${number(found.low)} to ${number(found.high)})`;
  return [
    h("p", {}, `${count(one.n, "case")} decided by two or more, ${one.alike.toLocaleString("en")} of them alike. Krippendorff’s alpha ${said(one.alpha)}; with reasons ${said(one.alpha_reasons)}.`),
    one.pairs.length > 1 && h("table", {}, h("thead", {}, h("tr", {}, h("th", {}, "two"), h("th", { class: "number" }, "both decided"), h("th", {}, "Cohen’s kappa"))),
      h("tbody", {}, one.pairs.map((pair) => h("tr", {}, h("th", { scope: "row" }, pair.reviewers.join(" and ")), h("td", { class: "number" }, pair.n.toLocaleString("en")), h("td", {}, said(pair)))))),
  ];
}

export function drawNudge(box, nudge) {
  // A quiet line over the case, gone with a click or the next decision but a few.
  fill(box, nudge && [h("p", {}, nudge.says), h("button", { type: "button", class: "plain", onclick: () => drawNudge(box, null) }, "All right")]);
  box.hidden = !nudge;
}
