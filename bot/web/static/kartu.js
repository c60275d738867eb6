// Tools above every text field of a card: Telegram's marks, and ready pieces. Without this file the fields work as they are.

(function () {
  "use strict";

  // Write as if typed, so that the browser can undo it and the preview hears of it.
  function type(field, from, to, text) {
    field.focus();
    field.setSelectionRange(from, to);
    if (document.execCommand("insertText", false, text)) return;
    field.setRangeText(text, from, to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function surround(field, tool) {
    const from = field.selectionStart, to = field.selectionEnd;
    const inside = field.value.slice(from, to) || tool.dataset.empty;
    type(field, from, to, tool.dataset.before + inside + tool.dataset.after);
    const caret = tool.dataset.caret;
    if (caret) {
      const at = from + tool.dataset.before.indexOf(caret) + caret.length;
      field.setSelectionRange(at, at);
    } else {
      const start = from + tool.dataset.before.length;
      field.setSelectionRange(start, start + inside.length);
    }
  }

  function markLines(field, mark) {
    const from = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
    const next = field.value.indexOf("\n", Math.max(from, field.selectionEnd - (field.selectionEnd > field.selectionStart ? 1 : 0)));
    const to = next < 0 ? field.value.length : next;
    const lines = field.value.slice(from, to).split("\n");
    const bare = lines.every((line) => line.startsWith(mark) || !line.trim());
    const undo = bare && lines.some((line) => line.trim());
    const changed = lines.map((line) => undo ? line.replace(mark, "") : line.startsWith(mark) ? line : mark + line);
    type(field, from, to, changed.join("\n"));
  }

  function equip(field) {
    if (field.dataset.ready) return;
    field.dataset.ready = "1";
    const tools = document.getElementById("alat").content.cloneNode(true).firstElementChild;
    tools.addEventListener("click", (event) => {
      const tool = event.target.closest("button");
      if (!tool) return;
      if (tool.dataset.lines) markLines(field, tool.dataset.lines);
      else surround(field, tool);
    });
    tools.addEventListener("change", (event) => {
      event.stopPropagation();
      const text = event.target.value;
      event.target.selectedIndex = 0;
      if (text) type(field, field.selectionStart, field.selectionEnd, text);
    });
    tools.addEventListener("input", (event) => event.stopPropagation());
    field.before(tools);
    field.addEventListener("focus", () => follow(field));
  }

  // The preview follows to the card that is written in.
  function follow(field) {
    const screen = document.getElementById("layar"), language = document.getElementById("bahasa");
    const place = /^cards\.(\d+)\.(\w+)$/.exec(field.name);
    const wanted = "Kartu " + (Number(place[1]) + 1);
    if (screen.value === wanted && language.value === place[2]) return;
    if (![...screen.options].some((option) => option.value === wanted)) return;
    screen.value = wanted;
    language.value = place[2];
    screen.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // A told line becomes a button that leads to it.
  function lead(told) {
    if (told.tagName === "BUTTON") return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "line";
    button.textContent = told.textContent;
    button.addEventListener("click", () => {
      const field = document.getElementById(told.dataset.field);
      const lines = field.value.split("\n"), line = Math.min(Number(told.dataset.line), lines.length);
      const from = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
      field.focus();
      field.setSelectionRange(from, from + lines[line - 1].length);
    });
    told.replaceWith(button);
  }

  function begin() {
    document.querySelectorAll("textarea[data-card]").forEach(equip);
    document.querySelectorAll(".wrongs .line[data-field]").forEach(lead);
  }

  begin();
  document.addEventListener("htmx:afterSettle", begin);
})();
