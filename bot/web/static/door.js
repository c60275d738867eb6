// Takes the one-time code out of the address bar and puts it into the form. Only the person's tap sends it.

(function () {
  "use strict";
  const sent = new URLSearchParams(location.hash.slice(1));
  const token = sent.get("t");
  if (!token) return;
  history.replaceState(null, "", location.pathname);
  document.getElementById("kode").value = token;
  document.getElementById("ke").value = sent.get("ke") || "";
  document.getElementById("code-row").hidden = true;
  document.getElementById("without-link").hidden = true;
  document.getElementById("with-link").hidden = false;
  document.querySelector("form[action='/masuk'] button").focus();
})();
