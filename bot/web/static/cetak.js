// Shows the button that prints the page. Without this file the words beside it say how.

(function () {
  "use strict";
  const button = document.getElementById("cetak");
  if (!button) return;
  button.hidden = false;
  button.nextElementSibling.hidden = true;
  button.addEventListener("click", () => window.print());
})();
