// Near duplicates of the case that is shown: opened with `g`, ticked, and decided with it in one go.
import { get } from "./api.js";
import { count, fill, h } from "./dom.js";

const AGAIN = 1500;  // milliseconds after which a search that was not finished is asked for again

export async function lookForGroup(one, { fresh, changed }) {
  // Fetches what is like `one` and draws it when that is still shown.
  if (!one.group || !one.group.whole) {
    const found = await get(`/cases/${encodeURIComponent(one.id)}/group`, { content: one.content }).catch(() => null);
    if (!found) return;
    const before = one.group;
    one.group = { ...found, open: before?.open ?? false,
      ticked: before?.open ? before.ticked : new Set(found.members.filter((member) => member.same_answer).map((member) => member.id)) };
    if (!found.whole && !before?.open) setTimeout(() => { if (fresh()) lookForGroup(one, { fresh, changed }); }, AGAIN);
  }
  if (fresh()) changed();
}

export function alsoOf(one) {
  // The ticked ones, as the API wants them; none while the group is closed.
  return one.group?.open ? one.group.members.filter((member) => one.group.ticked.has(member.id)).map(({ id, content }) => ({ case: id, content })) : [];
}

export function drawGroup(box, one, { toggle, ticks }) {
  const { members, open, ticked, whole, embedded, of } = one.group ?? { members: [] };
  box.hidden = members.length === 0;
  if (members.length === 0) return;
  const all = h("input", { type: "checkbox", onchange: () => tickAll(all.checked) });
  const rows = open ? members.map((member) => drawMember(member, ticked, noted)) : [];
  function noted() {
    all.checked = members.every((member) => ticked.has(member.id));
    ticks();
  }
  function tickAll(on) {
    for (const member of members) if (on) ticked.add(member.id); else ticked.delete(member.id);
    for (const row of rows) row.querySelector("input").checked = on;
    ticks();
  }
  all.checked = members.every((member) => ticked.has(member.id));
  fill(box,
    h("h2", {}, `${members.length.toLocaleString("en")}${whole ? "" : " or more"} like this ${members.length === 1 ? "waits" : "wait"} `,
      h("button", { type: "button", "aria-expanded": String(open), onclick: toggle }, open ? "Decide this one alone" : "Decide together", " ", h("kbd", {}, "g"))),
    !whole && embedded < of && h("p", { class: "quiet" }, `${embedded.toLocaleString("en")} of ${of.toLocaleString("en")} cases are compared by now.`),
    open && h("div", {},
      h("p", { class: "quiet" }, "What you say next is said of all that are ticked; one undo takes all of it back. An edit is of this one alone."),
      h("label", { class: "tick" }, all, h("strong", {}, "All")),
      h("ul", { class: "members" }, rows)));
}

function drawMember(member, ticked, noted) {
  const values = Object.entries(member.metadata);
  return h("li", {},
    h("label", { class: "tick" },
      h("input", { type: "checkbox", checked: ticked.has(member.id), onchange: (event) => { if (event.target.checked) ticked.add(member.id); else ticked.delete(member.id); noted(); } }),
      h("span", { class: "pre" }, member.diff === null ? member.text
        : member.diff.map(([kind, text]) => kind === "same" ? text : h(kind === "gone" ? "del" : "ins", {}, text)))),
    (values.length > 0 || !member.same_answer) && h("p", { class: "quiet" },
      values.map(([name, value]) => h("span", { class: "tag" }, `${name}: ${value}`)),
      !member.same_answer && h("span", { class: "tag other" }, "wants another answer", answerOf(member))));
}

function answerOf(member) {
  const said = [...(member.expected === null ? [] : [typeof member.expected === "object" ? JSON.stringify(member.expected) : String(member.expected)]), ...member.criteria];
  return said.length > 0 ? `: ${said.join("; ").slice(0, 200)}` : ": none is said";
}

export function withLike(n) {
  return n > 0 ? `, with ${n.toLocaleString("en")} like it` : "";
}

export function rejectLabel(n) {
  return n > 0 ? `Reject all ${count(n + 1, "case")} because:` : "Reject because:";
}
