// Which cases are loaded, which one is shown, and what waits: the state of the queue, without a word about how it looks.
import { get } from "./api.js";
import { toast } from "./dom.js";
import { fromAddress } from "./filters.js";
import { page } from "./keeping.js";

const query = new URLSearchParams(location.search);

export const state = {
  lane: ["candidates", "seeds", "redteam", "answers"].includes(query.get("lane")) ? query.get("lane") : "candidates",
  run: query.get("answers") ?? "",
  wanted: fromAddress(),
  trail: [],        // cases that are loaded and not decided; `at` is the one shown
  at: 0,
  sent: new Set(),  // ids of what was decided or put off, until the server knows
  sending: Promise.resolve(),  // ends when the server knows
  turn: 0,          // raised when a decision goes out and when it is kept
  numbers: { left: null, later: 0, skipped: 0, undoable: 0, elsewhere: 0, frees_in: null },
  hide: false,      // whether what checks found is shown only after the decision
  mode: "decide",   // or "reject", "edit"
  asking: 0,        // raised when lane or filter change: what was asked before is stale
};

export const answers = () => state.lane === "answers";
export const shown = () => state.trail[state.at];
export const idOf = (one) => one.name ?? one.id;
export const filtered = () => Object.keys(state.wanted).length > 0 && !answers();

const watchers = [];
export function watch(changed) {
  // Calls `changed` whenever the numbers have.
  watchers.push(changed);
}

export function note(said) {
  for (const name of ["left", "later", "skipped", "undoable", "elsewhere", "frees_in"]) if (said[name] !== undefined) state.numbers[name] = said[name];
  if (answers()) state.numbers.left = null;
  for (const changed of watchers) changed(said);
}

async function load() {
  const asked = state.asking;
  await state.sending;  // so that what the server counts is after what was decided
  if (asked !== state.asking) return;
  const turn = state.turn;
  const beside = [...state.trail.map(idOf), ...state.sent];
  const said = answers()
    ? state.run ? await get("/answers/next", { run: state.run, beside }) : { answer: null, later: 0, skipped: 0, undoable: 0 }
    : await get("/next", { lane: state.lane, beside, page, hide: state.hide || null, ...state.wanted });
  if (asked !== state.asking) return;
  if (turn !== state.turn) delete said.left;  // counted before or after a decision made meanwhile: nobody knows
  note(said);
  const found = answers() ? said.answer : said.case;
  if (found && !state.trail.some((one) => idOf(one) === idOf(found)) && !state.sent.has(idOf(found))) state.trail.push(found);
}

let loading = null;
export function ahead() {
  // Keeps one case loaded beyond the one that is shown.
  if (loading || state.trail.length > state.at + 1) return loading ?? Promise.resolve();
  loading = load().catch((error) => toast(error.message, "bad")).finally(() => { loading = null; });
  return loading;
}

export async function settled() {
  // Waits for what is on its way, and asks for a case when there is none to show. False: it is stale by now.
  const asked = state.asking;
  if (loading) await loading;
  if (!shown() && asked === state.asking) await ahead();
  return asked === state.asking;
}

export function forget() {
  // What was loaded is of no use any more: another lane, another filter.
  state.asking += 1;
  loading = null;
  Object.assign(state, { trail: [], at: 0 });
}
