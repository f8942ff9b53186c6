// One photo as large as the window, the next and the last by keys or buttons. Without this script a photo opens in the
// window itself. The dialog keeps the focus while it is open and gives it back to the photo that was seen last.
(function () {
  "use strict";

  const box = document.getElementById("lightbox");
  if (!box || !box.showModal) return;
  const image = box.querySelector("img");
  const said = document.getElementById("lightbox-said");
  let links = [];
  let at = 0;

  function show(next) {
    at = (next + links.length) % links.length;
    image.src = links[at].href;
    image.alt = links[at].dataset.lightbox;
    said.textContent = links[at].dataset.lightbox + "（" + (at + 1) + " / " + links.length + "）";
    for (const button of box.querySelectorAll("[data-turn]")) button.hidden = links.length < 2;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-lightbox]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    links = [...document.querySelectorAll("[data-lightbox]")].filter((each) => each.offsetParent);
    show(links.indexOf(link));
    box.showModal();
    box.querySelector("[data-close]").focus();
  });

  box.addEventListener("click", (event) => {
    const turn = event.target.closest("[data-turn]");
    if (turn) show(at + Number(turn.dataset.turn));
    else if (!event.target.closest(".lightbox__bar p")) box.close();
  });

  box.addEventListener("keydown", (event) => {
    const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    show(steps[event.key]);
  });

  box.addEventListener("close", () => {
    image.removeAttribute("src");
    if (links[at] && links[at].isConnected) links[at].focus();
  });
})();
