// What was decided goes to the server one by one: a server that dies loses one decision at the most.
import { toast } from "./dom.js";
import { idOf, note, shown, state } from "./trail.js";

const actions = document.getElementById("actions");
let held = false;
let waiting = 0;

function underway(n) {
  // Counts what the server does not know yet; who watches the page (a screen reader, a test) is told when all is kept.
  waiting += n;
  actions.setAttribute("aria-busy", String(waiting > 0));
}

export async function ready() {
  // One decision is on its way at a time, so a dying server loses one at the most. A key for the next case waits for it;
  // a key after that one would be for a case that nobody has seen yet, and is dropped. Null: nothing to decide.
  if (held) return null;
  held = true;
  const one = shown();
  await state.sending;
  held = false;
  return one && shown() === one ? one : null;
}

export function sent() {
  return state.sending;
}

export function send(one, work, { done, failed, after, always }) {
  // Sends a decision on `one`. It comes back into the trail when the server refuses it.
  const asked = state.asking;
  state.turn += 1;
  underway(1);
  state.sending = state.sending.then(async () => {
    try {
      const said = await work();
      note(said);
      done?.(said);
    } catch (error) {
      toast(error.message, "bad");
      if (asked === state.asking) {
        state.trail.splice(state.at, 0, one);
        failed();
      }
    } finally {
      state.turn += 1;
      state.sent.delete(idOf(one));
      always?.();
      if (state.numbers.left !== null && asked === state.asking) state.numbers.left = Math.max(0, state.numbers.left - 1);
      note({});
      after();
      underway(-1);
    }
  });
}

export function next(work) {
  // Something else that waits its turn behind the decisions.
  state.turn += 1;
  underway(1);
  state.sending = state.sending.then(work).finally(() => { state.turn += 1; underway(-1); });
  return state.sending;
}
