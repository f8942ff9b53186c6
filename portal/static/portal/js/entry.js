// Copying and printing what is shown once; and forms that make a secret are sent once, however often the button is
// pressed: a second answer would void what the first had shown.
(function () {
  "use strict";

  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    button.hidden = false;
    field.addEventListener("focus", () => field.select());
    button.addEventListener("click", () => copy(field));
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.once === "sent") event.preventDefault();
      form.dataset.once = "sent";
    });
  }
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-once]")) form.dataset.once = "";
  });

  // Without a secure context there is no clipboard: the link stays selected for Ctrl+C.
  async function copy(field) {
    field.select();
    let done = "已复制，发给本人即可。";
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      done = "已选中链接，请按 Ctrl+C 复制。";
    }
    document.getElementById("copied").textContent = done;
  }
})();
