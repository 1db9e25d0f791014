// The API as functions. A request that fails on the way is sent again with the same id, so nothing is done twice.

const token = document.querySelector('meta[name="anchorset-token"]')?.content ?? "";
const TRIES = 4;

export class Refused extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

export function requestId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function get(path, query = {}) {
  return ask(`${path}${queryOf(query)}`, {});
}

export async function post(path, body) {
  return ask(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-anchorset-token": token },
    body: JSON.stringify(body),
    keepalive: JSON.stringify(body).length < 60000,  // a decision given just before the page closes still arrives
  });
}

export function queryOf(query) {
  const found = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== "") found.append(name, one);
    }
  }
  const text = found.toString();
  return text ? `?${text}` : "";
}

async function ask(path, options) {
  for (let nth = 1; ; nth += 1) {
    let answer;
    try {
      answer = await fetch(`/api${path}`, { credentials: "same-origin", ...options });
    } catch {
      if (nth >= TRIES) throw new Refused(0, "the server does not answer; is it still running?");
      await new Promise((done) => setTimeout(done, 250 * 2 ** nth));
      continue;
    }
    const said = await answer.json().catch(() => ({}));
    if (answer.ok) return said;
    if (answer.status === 503 && nth < TRIES) {
      await new Promise((done) => setTimeout(done, 250 * 2 ** nth));
      continue;
    }
    throw new Refused(answer.status, said.error ?? `the server refused (${answer.status})`);
  }
}
