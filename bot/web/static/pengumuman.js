// Buttons that put Telegram's marks around the words that are chosen. Without this file the marks are typed.

(function () {
  "use strict";

  // Write as if typed, so that the browser can undo it and the preview hears of it.
  function type(field, text) {
    field.focus();
    if (document.execCommand("insertText", false, text)) return;
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const field = document.getElementById("pesan"), marks = document.getElementById("tanda-tulisan");
  marks.hidden = false;
  marks.addEventListener("click", (event) => {
    const mark = event.target.closest("button");
    if (!mark) return;
    const from = field.selectionStart;
    const words = field.value.slice(from, field.selectionEnd) || mark.dataset.empty;
    type(field, mark.dataset.before + words + mark.dataset.after);
    const start = from + mark.dataset.before.length - Number(mark.dataset.back || 0);
    field.setSelectionRange(start, mark.dataset.back ? start : start + words.length);
  });
})();
