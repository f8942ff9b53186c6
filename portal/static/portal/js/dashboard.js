// 打印: a button that only a script can serve. What the page shows is printed, its folded tables too.
(function () {
  "use strict";

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  for (const choice of document.querySelectorAll("[data-go]")) {
    choice.addEventListener("change", () => choice.form.requestSubmit());
  }
})();
