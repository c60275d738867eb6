// Telegram's entities become elements. Offsets are UTF-16 units, which is how JavaScript counts too.

const SIMPLE = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre" };
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

export function formatted(text, entities, tools) {
  return part(text, 0, text.length, [...entities], tools);
}

function part(text, from, to, entities, tools) {
  const nodes = [];
  let at = from;
  while (entities.length) {
    const entity = entities.shift();
    const end = entity.offset + entity.length;
    if (entity.offset < at || end > to) continue;
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
    const inside = entities.filter((other) => other.offset + other.length <= end);
    entities = entities.filter((other) => other.offset >= end);
    nodes.push(wrapped(entity, text, part(text, entity.offset, end, inside, tools), tools));
    at = end;
    // A block already ends its line.
    if (BLOCKS.has(entity.type) && text[at] === "\n") at += 1;
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

function wrapped(entity, text, nodes, tools) {
  const shown = text.slice(entity.offset, entity.offset + entity.length);
  if (SIMPLE[entity.type]) return element(SIMPLE[entity.type], {}, ...nodes);
  switch (entity.type) {
    case "text_link": return link(entity.url, nodes, tools);
    case "url": return link(shown, nodes, tools);
    case "bot_command": return command(shown, tools);
    case "spoiler": return spoiler(nodes);
    case "blockquote": return element("blockquote", {}, ...nodes);
    case "expandable_blockquote": return expandable(shown, nodes, tools, entity.offset);
    default: return element("span", {}, ...nodes);
  }
}

function link(url, nodes, tools) {
  const target = tools.address(url);
  return target ? element("a", target, ...nodes) : element("span", {}, ...nodes);
}

function command(shown, tools) {
  const button = element("button", { type: "button", class: "command" }, shown);
  button.addEventListener("click", () => tools.send(shown));
  return button;
}

function spoiler(nodes) {
  const inner = element("span", { "aria-hidden": "true" }, ...nodes);
  const button = element("button", { type: "button", class: "spoiler", "aria-label": "Teks tertutup, ketuk untuk membuka" }, inner);
  button.addEventListener("click", () => button.replaceWith(...inner.childNodes), { once: true });
  return button;
}

function expandable(shown, nodes, tools, key) {
  const quote = element("blockquote", {}, ...nodes);
  const long = shown.length > 130 || shown.split("\n").length > 3;
  if (!long || tools.opened.has(key)) return quote;
  quote.classList.add("folded");
  const more = element("button", { type: "button", class: "more" }, "Selengkapnya");
  more.addEventListener("click", () => {
    tools.opened.add(key);
    quote.classList.remove("folded");
    more.remove();
  });
  return element("div", { class: "quote" }, quote, more);
}
