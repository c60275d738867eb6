// What stands beside the phone: people, clock, network, blocking and the data counter.

import { day, hour, size } from "./bubble.js";
import { element } from "./text.js";

const SLOW_SECONDS = 3;
const byId = (id) => document.getElementById(id);

export function wireTools(phone) {
  byId("cast").addEventListener("change", (event) => phone.become(event.target.value));
  byId("newcomer").addEventListener("click", async () => {
    const { id } = await phone.post("/people", {});
    if (id) phone.become(id);
  });
  byId("clock-steps").addEventListener("click", (event) => {
    const { hours, days } = event.target.dataset;
    if (hours || days) phone.post("/clock", { hours: Number(hours || 0), days: Number(days || 0) });
  });
  for (const id of ["slow", "cut-off", "doubled"]) byId(id).addEventListener("change", () => setNetwork(phone));
  byId("block").addEventListener("change", (event) => phone.act("block", { on: event.target.checked }));
  setInterval(() => showClock(phone), 1000);
  const wide = matchMedia("(min-width: 60rem)");
  const unfold = () => { byId("tools").open = wide.matches; };
  wide.addEventListener("change", unfold);
  unfold();
}

function setNetwork(phone) {
  phone.act("network", {
    slow: byId("slow").checked ? SLOW_SECONDS : 0,
    cut_off: byId("cut-off").checked,
    doubled: byId("doubled").checked,
  });
}

function peopleByCircle({ people, user }) {
  const circles = new Map();
  for (const { id, label, circle } of people) {
    if (!circles.has(circle)) circles.set(circle, []);
    circles.get(circle).push(element("option", { value: id, selected: id === user.id }, label));
  }
  return [...circles].flatMap(([circle, options]) => (circle ? element("optgroup", { label: circle }, ...options) : options));
}

export function showTools(phone) {
  const { state } = phone;
  if (phone.listed !== state.people) byId("cast").replaceChildren(...peopleByCircle(state));
  phone.listed = state.people;
  byId("who-short").textContent = `– ${state.user.label || state.user.name}`;
  byId("slow").checked = state.network.slow > 0;
  byId("cut-off").checked = state.network.cut_off;
  byId("doubled").checked = state.network.doubled;
  byId("block").checked = state.blocked;
  byId("bytes").textContent = size(state.bytes);
  showClock(phone);
}

function showClock(phone) {
  if (!phone.state) return;
  const now = Date.now() / 1000 + phone.ahead;
  byId("clock").textContent = `${day(now)}, ${hour(now)} WIB`;
}
