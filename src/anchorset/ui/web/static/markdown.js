// The little Markdown that a dataset card uses, as elements. Whatever it does not know stays text; links are not made.
import { h } from "./dom.js";

const plain = (text) => text.replace(/\\([\\`*_[\]#~!|])/g, "$1").replaceAll("&lt;", "<").replaceAll("&gt;", ">");

function inline(text) {
  const bold = /^\*\*(.+)\*\*$/.exec(text);
  if (bold) return h("strong", {}, plain(bold[1]));
  return text.split(/(?<!\\)`([^`]*)`/).map((piece, nth) => (nth % 2 === 1 ? h("code", {}, piece) : plain(piece)));
}

const cells = (line) => line.replace(/^\|/, "").replace(/\|$/, "").split(/(?<!\\)\|/).map((one) => one.trim());

export function markdown(text) {
  const lines = text.split("\n");
  const found = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at];
    const take = (test) => { const taken = []; while (at < lines.length && test(lines[at])) { taken.push(lines[at]); at += 1; } at -= 1; return taken; };
    if (line.startsWith("```")) {
      at += 1;
      found.push(h("pre", {}, h("code", {}, take((one) => !one.startsWith("```")).join("\n"))));
      at += 1;
    } else if (/^#{1,6} /.test(line)) {
      found.push(h("h3", {}, inline(line.replace(/^#+ /, ""))));
    } else if (line.startsWith("> ")) {
      found.push(h("blockquote", {}, take((one) => one.startsWith(">")).map((one) => h("p", {}, inline(one.replace(/^> ?/, ""))))));
    } else if (line.startsWith("- ")) {
      found.push(h("ul", {}, take((one) => one.startsWith("- ")).map((one) => h("li", {}, inline(one.slice(2))))));
    } else if (line.startsWith("|")) {
      const [head, , ...rows] = take((one) => one.startsWith("|"));
      found.push(h("div", { class: "scroll", tabindex: "0" }, h("table", { class: "plain" }, h("thead", {}, h("tr", {}, cells(head).map((one) => h("th", { scope: "col" }, inline(one))))),
        h("tbody", {}, rows.map((row) => h("tr", {}, cells(row).map((one) => h("td", {}, inline(one)))))))));
    } else if (line.trim() !== "") {
      found.push(h("p", {}, inline(line)));
    }
  }
  return found;
}
