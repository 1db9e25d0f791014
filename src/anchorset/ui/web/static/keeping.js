// What is open here is kept from the other reviewers while somebody is at it, and given free when the page is left.
import { post, requestId } from "./api.js";

export const page = requestId();
const EVERY = 60_000;  // between two signs of life

let last = Date.now();

export function keep(held) {
  // `held`: gives the ids that are open now.
  const tell = () => {
    last = Date.now();
    post("/hold", { page, cases: held() }).catch(() => {});  // the next case asks for the same anyway
  };
  for (const kind of ["keydown", "pointerdown", "scroll", "wheel"]) {
    addEventListener(kind, () => {
      if (Date.now() - last > EVERY) tell();
    }, { passive: true, capture: true });
  }
  addEventListener("pagehide", () => { post("/leave", { page }).catch(() => {}); });
  addEventListener("pageshow", (event) => { if (event.persisted) tell(); });
  return tell;
}
