// The Mini App: shows the signature of Telegram, keeps the answer in memory, and sends it with every request of htmx.

(function () {
  "use strict";
  const given = new URLSearchParams(location.hash.slice(1));
  const initData = given.get("tgWebAppData");
  const byId = (id) => document.getElementById(id);
  const READABLE = 4.5;
  let bearer = "";

  function tell(event) {
    const proxy = window.TelegramWebviewProxy;
    if (proxy && proxy.postEvent) proxy.postEvent(event, "{}");
    else if (window.parent !== window) window.parent.postMessage(JSON.stringify({ eventType: event, eventData: {} }), "https://web.telegram.org");
  }

  const channel = (hex, at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const light = (hex) => 0.2126 * channel(hex, 1) + 0.7152 * channel(hex, 3) + 0.0722 * channel(hex, 5);
  const contrast = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };

  // Telegram's colours, wherever they can be read; otherwise our own stay.
  function paint(theme) {
    const colour = (name) => (/^#[0-9a-f]{6}$/i.test(theme[name] || "") ? theme[name] : null);
    const ground = colour("bg_color");
    if (!ground) return;
    const root = document.documentElement;
    root.dataset.theme = light(ground) < 0.18 ? "dark" : "light";
    const put = (name, value) => root.style.setProperty(name, value);
    const ink = colour("text_color");
    const around = colour("secondary_bg_color") || ground;
    if (!ink || contrast(ink, ground) < READABLE || contrast(ink, around) < READABLE) return;
    put("--card", ground);
    put("--paper", around);
    put("--ink", ink);
    const soft = colour("subtitle_text_color");
    if (soft && contrast(soft, ground) >= READABLE && contrast(soft, around) >= READABLE) put("--soft", soft);
    const link = colour("link_color");
    if (link && contrast(link, ground) >= READABLE && contrast(link, around) >= READABLE) put("--link", link);
    const [go, onGo] = [colour("button_color"), colour("button_text_color")];
    if (go && onGo && contrast(go, onGo) >= READABLE) {
      put("--go", go);
      put("--go-ink", onGo);
    }
  }

  function theme() {
    try {
      paint(JSON.parse(given.get("tgWebAppThemeParams") || "{}"));
    } catch { /* our own colours */ }
  }

  function refused() {
    byId("opening").hidden = true;
    byId("closed").hidden = false;
    byId("why").textContent = "Demi keamanan, tiap pembukaan hanya berlaku sekali. Tutup, lalu buka lagi dari bot.";
  }

  async function signIn() {
    byId("closed").hidden = true;
    byId("opening").hidden = false;
    const response = await fetch("/mini/masuk", { method: "POST", credentials: "omit", body: new URLSearchParams({ data: initData }) });
    if (!response.ok) return refused();
    bearer = (await response.json()).bearer;
    byId("first").click();
  }

  document.addEventListener("htmx:configRequest", (event) => { event.detail.headers.Authorization = `Bearer ${bearer}`; });
  document.addEventListener("htmx:afterSettle", () => byId("isi").focus({ preventScroll: true }));
  theme();
  tell("web_app_ready");
  tell("web_app_expand");
  if (!initData) return;
  history.replaceState(null, "", location.pathname);
  signIn().catch(refused);
})();
