// One message as a bubble with its picture, file, time and buttons.

import { element, formatted } from "./text.js";

const ZONE = "Asia/Jakarta";
const clockFormat = new Intl.DateTimeFormat("id-ID", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });
const dayFormat = new Intl.DateTimeFormat("id-ID", { timeZone: ZONE, weekday: "long", day: "numeric", month: "long", year: "numeric" });
const numberFormat = new Intl.NumberFormat("id-ID", { maximumFractionDigits: 1 });

export const hour = (seconds) => clockFormat.format(seconds * 1000);
export const day = (seconds) => dayFormat.format(seconds * 1000);

export function size(bytes) {
  if (bytes < 1024 * 1024) return `${numberFormat.format(bytes / 1024)} KB`;
  return `${numberFormat.format(bytes / 1024 / 1024)} MB`;
}

export function bubble(message, phone) {
  const item = element("li", { class: message.from_bot ? "from-bot" : "from-me", "data-id": message.id });
  const body = element("div", { class: "bubble", "data-testid": "bubble" });
  body.append(element("span", { class: "hidden" }, message.from_bot ? "Bot: " : "Anda: "));
  if (message.photo) body.append(photo(message, phone));
  if (message.document) body.append(file(message.document, phone));
  if (message.text) body.append(element("div", { class: "text" }, ...formatted(message.text, message.entities, phone.textTools(message.id))));
  body.append(element("p", { class: "meta" }, ...meta(message, phone)));
  item.append(body);
  if (message.keyboard.length) item.append(keyboard(message, phone));
  return item;
}

function meta(message, phone) {
  const parts = [];
  if (message.reaction) parts.push(element("span", { class: "reaction", "aria-label": `Reaksi ${message.reaction}` }, message.reaction));
  if (message.edited) parts.push("diubah ");
  if (phone.isUnsent(message.id)) parts.push("menunggu sinyal ");
  parts.push(element("time", { datetime: new Date(message.date * 1000).toISOString() }, hour(message.date)));
  return parts;
}

function photo(message, phone) {
  const { file_id, width, height } = message.photo;
  const picture = { src: phone.media(file_id), width, height, alt: message.text || "Gambar dari bot", loading: "lazy" };
  return element("img", picture);
}

function file(document, phone) {
  const ending = document.name.includes(".") ? document.name.split(".").pop().slice(0, 4).toUpperCase() : "FILE";
  return element("div", { class: "file" },
    element("span", { class: "ending", "aria-hidden": "true" }, ending),
    element("span", { class: "name" }, document.name, element("small", {}, size(document.size))),
    element("a", { href: phone.media(document.file_id), download: document.name, "aria-label": `Unduh ${document.name}` }, "Unduh"));
}

function keyboard(message, phone) {
  const rows = message.keyboard.map((row) => element("div", { class: "row" }, ...row.map((each) => button(message, each, phone))));
  return element("div", { class: "keyboard", role: "group", "aria-label": "Pilihan" }, ...rows);
}

function button(message, { text, kind, value, style }, phone) {
  const look = { class: `key ${style || ""}`, "data-testid": "button" };
  const address = kind === "url" ? phone.address(value) : kind === "web_app" ? phone.mini(message.id, value) : null;
  if (address) return element("a", { ...look, ...address }, text, element("span", { class: "hint" }, " (membuka laman)"));
  const node = element("button", { ...look, type: "button" }, text);
  if (kind === "copy") {
    node.append(element("span", { class: "hint" }, " (salin)"));
    node.addEventListener("click", () => phone.copy(value));
  } else if (kind === "data") {
    if (phone.isWaiting(message.id, value)) {
      node.setAttribute("aria-busy", "true");
      node.append(element("span", { class: "hidden" }, " (menunggu jawaban)"));
    }
    node.addEventListener("click", () => phone.tap(message.id, value));
  }
  return node;
}
