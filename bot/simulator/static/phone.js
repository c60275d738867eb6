// The phone: keeps what the server says, draws it, and sends what the person does.

import { bubble, day } from "./bubble.js";
import { element } from "./text.js";
import { showTools, wireTools } from "./tools.js";

const byId = (id) => document.getElementById(id);
const TOAST_MS = 4000;

class Phone {
  constructor(user, payload) {
    this.user = user;
    this.payload = payload;
    this.state = null;
    this.ahead = 0;
    this.tapped = new Set();
    this.opened = new Map();
    this.seenToasts = new Set();
  }

  connect() {
    const events = new EventSource(`/phone/${this.user}/events`);
    events.addEventListener("state", (event) => this.replace(JSON.parse(event.data)));
    events.addEventListener("change", (event) => this.change(JSON.parse(event.data)));
    events.onerror = () => { byId("status").textContent = "menyambung lagi…"; };
  }

  replace(state) {
    this.messages = new Map(state.messages.map((message) => [message.id, message]));
    const first = this.state === null;
    this.state = state;
    for (const toast of first ? state.toasts : []) this.seenToasts.add(toast.id);
    byId("chat").replaceChildren();
    this.draw([...this.messages.keys()]);
    this.scroll();
  }

  change({ changed, gone, ...fields }) {
    const before = this.busy();
    Object.assign(this.state, fields);
    for (const id of gone) this.messages.delete(id);
    for (const message of changed) this.messages.set(message.id, message);
    const ids = new Set(changed.map((message) => message.id));
    const after = this.busy();
    // Redraw only what began or ended waiting: a screen reader would hear the rest again.
    for (const [key, id] of [...before, ...after]) if (before.has(key) !== after.has(key)) ids.add(id);
    this.draw([...ids]);
  }

  busy() {
    const taps = this.state.waiting.map((tap) => [`${tap.message_id} ${tap.data}`, tap.message_id]);
    return new Map([...taps, ...this.state.unsent.map((id) => [String(id), id])]);
  }

  draw(ids) {
    const chat = byId("chat");
    const atEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 80;
    const news = ids.some((id) => !chat.querySelector(`[data-id="${id}"]`));
    for (const item of chat.querySelectorAll("[data-id]")) {
      if (!this.messages.has(Number(item.dataset.id))) item.remove();
    }
    for (const id of ids.filter((each) => this.messages.has(each)).sort((a, b) => a - b)) this.place(id);
    this.drawDays();
    this.drawFrame();
    showTools(this);
    if (news || atEnd) this.scroll();
  }

  place(id) {
    const chat = byId("chat");
    const fresh = bubble(this.messages.get(id), this);
    const old = chat.querySelector(`[data-id="${id}"]`);
    if (old) {
      const keys = [...old.querySelectorAll(".key")];
      const focused = keys.indexOf(document.activeElement);
      old.replaceWith(fresh);
      if (focused >= 0) fresh.querySelectorAll(".key")[focused]?.focus({ preventScroll: true });
      return;
    }
    const next = [...chat.querySelectorAll("[data-id]")].find((item) => Number(item.dataset.id) > id);
    chat.insertBefore(fresh, next || null);
  }

  drawDays() {
    const chat = byId("chat");
    chat.querySelectorAll(".day").forEach((item) => item.remove());
    let last = "";
    for (const item of [...chat.querySelectorAll("[data-id]")]) {
      const name = day(this.messages.get(Number(item.dataset.id)).date);
      if (name !== last) chat.insertBefore(element("li", { class: "day" }, name), item);
      last = name;
    }
  }

  drawFrame() {
    const { bot, network, typing, blocked, commands, toasts, now } = this.state;
    this.ahead = now - Date.now() / 1000;
    const empty = this.messages.size === 0;
    byId("bot-name").textContent = bot.name;
    byId("avatar").textContent = bot.name.split(/\s+/).slice(0, 2).map((word) => word[0]).join("").toUpperCase();
    byId("status").textContent = network.cut_off ? "tidak ada sinyal" : typing ? "mengetik…" : "bot";
    document.title = `${this.state.user.label || this.state.user.name} · ponsel peraga`;
    byId("start").hidden = blocked || !(empty || this.payload);
    byId("unblock").hidden = !blocked;
    byId("composer-form").hidden = blocked || !byId("start").hidden;
    byId("menu-button").hidden = commands.length === 0;
    byId("commands").replaceChildren(...commands.map((each) => this.commandRow(each)));
    const about = byId("chat").querySelector(".about");
    if (empty && !about) byId("chat").append(this.about(bot));
    else if (!empty && about) about.remove();
    for (const toast of toasts) this.toast(toast);
  }

  about(bot) {
    const text = bot.description || "Ketuk MULAI untuk memulai percakapan.";
    return element("li", { class: "about" }, element("h2", {}, "Apa yang bisa dilakukan bot ini?"), element("p", {}, text));
  }

  commandRow({ command, description }) {
    const row = element("button", { type: "button" }, element("b", {}, `/${command}`), element("span", {}, description));
    row.addEventListener("click", () => {
      this.showMenu(false);
      this.send(`/${command}`);
    });
    return element("li", {}, row);
  }

  showMenu(open) {
    byId("menu").hidden = !open;
    byId("menu-button").setAttribute("aria-expanded", String(open));
    if (open) byId("commands").querySelector("button")?.focus();
  }

  toast({ id, text, alert }) {
    if (this.seenToasts.has(id)) return;
    this.seenToasts.add(id);
    if (alert) {
      byId("alert-text").textContent = text;
      if (!byId("alert").open) byId("alert").showModal();
      return;
    }
    this.say(text);
  }

  say(text) {
    const toast = byId("toast");
    toast.textContent = text;
    toast.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { toast.hidden = true; }, TOAST_MS);
  }

  scroll() {
    const chat = byId("chat");
    requestAnimationFrame(() => { chat.scrollTop = chat.scrollHeight; });
  }

  async post(path, body) {
    try {
      const headers = { "Content-Type": "application/json" };
      const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
      if (response.ok) return await response.json();
    } catch { /* said below */ }
    this.say("Tidak berhasil. Coba sekali lagi.");
    return {};
  }

  act(what, body) { return this.post(`/phone/${this.user}/${what}`, body); }
  send(text) { return this.act("send", { text }); }
  media(fileId) { return `/phone/${this.user}/media/${fileId}`; }
  isUnsent(id) { return this.state.unsent.includes(id); }

  async tap(messageId, data) {
    const key = `${messageId} ${data}`;
    if (this.isWaiting(messageId, data)) return;
    this.tapped.add(key);
    this.place(messageId);
    await this.act("tap", { message_id: messageId, data });
    // The server's own list of waiting taps arrives a moment after its answer.
    setTimeout(() => {
      this.tapped.delete(key);
      if (this.messages.has(messageId)) this.place(messageId);
    }, this.state.network.slow * 1000 + 300);
  }

  isWaiting(messageId, data) {
    if (this.tapped.has(`${messageId} ${data}`)) return true;
    return this.state.waiting.some((tap) => tap.message_id === messageId && tap.data === data);
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.say("Sudah disalin.");
    } catch {
      this.say(`Salin sendiri: ${text}`);
    }
  }

  // A link to this bot opens this phone, as it would in a real client; anything else opens a new tab.
  address(url) {
    let parsed;
    try { parsed = new URL(url); } catch { return null; }
    if (!["http:", "https:"].includes(parsed.protocol)) return null;
    if (parsed.hostname === "t.me" && parsed.pathname === `/${this.state.bot.username}`) {
      const start = parsed.searchParams.get("start");
      return { href: `/phone?as=${this.user}${start ? `&start=${encodeURIComponent(start)}` : ""}` };
    }
    return { href: parsed.href, target: "_blank", rel: "noopener noreferrer" };
  }

  // A Mini App gets the person's data, signed, from the stand-in, and opens beside the phone.
  mini(messageId, url) {
    return { href: `/phone/${this.user}/mini?${new URLSearchParams({ message: messageId, url })}`, target: "_blank", rel: "noopener" };
  }

  textTools(messageId) {
    if (!this.opened.has(messageId)) this.opened.set(messageId, new Set());
    return { opened: this.opened.get(messageId), send: (text) => this.send(text), address: (url) => this.address(url) };
  }

  become(id) { location.assign(`/phone?as=${id}`); }

  start() {
    this.send(this.payload ? `/start ${this.payload}` : "/start");
    this.payload = "";
    history.replaceState(null, "", `/phone?as=${this.user}`);
    this.drawFrame();
  }
}

function wirePhone(phone) {
  byId("start").addEventListener("click", () => phone.start());
  byId("unblock").addEventListener("click", () => phone.act("block", { on: false }));
  byId("menu-button").addEventListener("click", () => phone.showMenu(byId("menu").hidden));
  byId("composer-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = byId("composer").value.trim();
    if (!text) return;
    byId("composer").value = "";
    phone.send(text);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || byId("menu").hidden) return;
    phone.showMenu(false);
    byId("menu-button").focus();
  });
}

async function begin() {
  const query = new URLSearchParams(location.search);
  const people = await (await fetch("/people")).json();
  const asked = people.find(({ id }) => String(id) === query.get("as"));
  if (!people.length) return;
  const phone = new Phone((asked || people[0]).id, query.get("start") || "");
  wirePhone(phone);
  wireTools(phone);
  phone.connect();
}

begin();
