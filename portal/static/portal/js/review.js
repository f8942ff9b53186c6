// 审核: the next survey by one key (n), up and down the queue (j, k), ready phrases, what is ticked. Without scripts the
// buttons and links do the same.
(function () {
  "use strict";

  const typing = (field) => field.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, dialog");
  const opens = [...document.querySelectorAll("[data-open]")];
  const move = (by) => {
    const at = opens.indexOf(document.activeElement);
    const next = opens[Math.max(0, Math.min(opens.length - 1, at + by))];
    if (next) next.focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const next = document.querySelector("[data-next]");
    if (event.key === "n" && next) next.click();
    if (event.key === "j") move(1);
    if (event.key === "k") move(-1);
  });

  for (const phrase of document.querySelectorAll(".phrase"))
    phrase.addEventListener("click", () => {
      const field = document.getElementById(phrase.dataset.for);
      field.value = field.value ? `${field.value} ${phrase.textContent}` : phrase.textContent;
      field.closest(".returning").querySelector("[data-row]").checked = true;
      tell();
    });

  const rows = [...document.querySelectorAll("[data-row]")], said = document.getElementById("ticked");
  function tell() {
    if (!said) return;
    const ticked = rows.filter((row) => row.checked);
    said.hidden = !ticked.length;
    said.textContent = `已勾选 ${ticked.length} 项：${ticked.map((row) => row.parentElement.textContent.trim().replace(/^(退回|打开)/, "")).join("、")}`;
  }
  for (const row of rows) row.addEventListener("change", tell);
  if (rows.length) tell();

  const all = document.querySelector("[data-tick-all]");
  if (all)
    all.addEventListener("click", () => {
      const boxes = [...document.querySelectorAll("input[name=survey]")], some = boxes.some((box) => !box.checked);
      for (const box of boxes) box.checked = some;
    });
})();
