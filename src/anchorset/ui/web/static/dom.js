// Elements from plain values. Text always goes in as text: nothing a case holds is ever read as markup.

export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key in element && typeof value !== "string") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  put(element, children);
  return element;
}

export function put(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

export function fill(element, ...children) {
  element.replaceChildren();
  return put(element, children);
}

export function count(n, one, many = `${one}s`) {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

export function percent(rate) {
  return rate === null ? "–" : `${Math.round(rate * 100)}\u00a0%`;
}

let hiding;
export function toast(text, tone = "") {
  const box = document.getElementById("toast");
  box.textContent = text;
  box.className = `shown ${tone}`;
  clearTimeout(hiding);
  hiding = setTimeout(() => { box.className = ""; }, tone === "bad" ? 9000 : 3500);
}
