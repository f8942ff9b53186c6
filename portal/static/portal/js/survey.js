// A survey page saves itself, answer by answer: one request at a time, in order, sent again with the same operation
// until the server has answered. The page works without this script; its buttons do the same.
(function () {
  "use strict";

  const form = document.getElementById("page");
  if (!form) return;
  const { operation, token } = window.acts;
  const WAITS = [2, 4, 8, 15, 30]; // seconds before the next try
  const TYPING = 900; // ms after the last key
  const waiting = new Map(); // indicator → an act that the server has not acknowledged: its id, and what was sent
  const later = new Set(); // indicators edited again since their act was sent
  const unsaid = new Set(); // indicators whose text the server could not understand, or that are in conflict
  const typing = new Map(); // indicator → timer
  const left = new Map(); // id → a question to exchange when the focus has left it
  let sending = false;
  let failures = 0;
  document.documentElement.classList.add("has-script");

  const of = (key) => [...form.elements].filter((field) => field.dataset.of === key);
  const questionOf = (target) => target.dataset && target.dataset.of;

  function body(key, id) {
    const data = new FormData();
    for (const field of of(key)) {
      const ticked = field.type !== "checkbox" && field.type !== "radio" ? true : field.checked;
      if (ticked && field.name) data.append(field.name, field.value);
    }
    data.append("operation", id);
    data.append("vanished", [...form.querySelectorAll("[data-vanished]")].map((each) => each.dataset.question).join(" "));
    return data;
  }

  function say(words, kind) {
    for (const place of document.querySelectorAll("[data-saved]")) {
      place.className = "saved" + (kind ? " saved--" + kind : "");
      place.querySelector("use").setAttribute("href", kind === "offline" ? "#i-offline" : kind ? "#o-fail" : "#i-saved");
      place.lastElementChild.textContent = words;
    }
  }

  function enqueue(key) {
    clearTimeout(typing.get(key));
    typing.delete(key);
    // What was sent once is sent again to the letter; a newer edit waits for its acknowledgement.
    if (waiting.get(key)?.data) later.add(key);
    else waiting.set(key, { id: operation(), data: null });
    unsaid.delete(key);
    if (!sending) say("正在保存…");
    send();
  }

  async function send() {
    if (sending || !waiting.size) return;
    sending = true;
    const [key, act] = waiting.entries().next().value;
    act.data ||= body(key, act.id);
    try {
      const response = await fetch(form.dataset.answers.replace("KEY", key), {
        method: "POST",
        body: act.data,
        headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" },
        credentials: "same-origin",
        redirect: "manual",
        keepalive: true,
        signal: AbortSignal.timeout ? AbortSignal.timeout(20000) : undefined,
      });
      failures = 0;
      if (response.status >= 500 || response.status === 429) throw new Error("server");
      await heard(key, response);
    } catch (error) {
      failures += 1;
      say("离线，" + waiting.size + " 项未传，连上网自动传", "offline");
      setTimeout(send, 1000 * WAITS[Math.min(failures, WAITS.length) - 1]);
    }
    sending = false;
    if (!failures) send();
  }

  async function heard(key, response) {
    const words = await response.text();
    if (response.status === 401 || response.type === "opaqueredirect") return ended();
    expired(false);
    waiting.delete(key);
    if (response.ok || response.status === 409) {
      replace(words, key);
      if (response.status === 409) {
        unsaid.add(key);
        later.delete(key);
        document.getElementById("conflict-" + key).scrollIntoView({ block: "center" });
      }
    } else if (response.status !== 422) {
      unsaid.add(key);
      return say("没有保存：" + (response.status === 423 ? words : "请刷新本页再试"), "conflict");
    } else {
      unsaid.add(key);
    }
    if (later.delete(key)) enqueue(key);
    settle(response.status);
    return undefined;
  }

  function settle(status) {
    if (waiting.size) say("正在保存…");
    else if (status === 409) say("1 项同时被改过，请选一个", "conflict");
    else if (unsaid.size) say(unsaid.size + " 项还没有保存，点“保存”看原因", "conflict");
  }

  function ended() {
    say("登录已过期，" + waiting.size + " 项未传。请在新窗口登录，再回到这里", "conflict");
    expired(true);
    failures = 1;
    setTimeout(send, 5000);
  }

  function expired(is) {
    const notice = document.getElementById("expired");
    if (notice) notice.hidden = !is;
  }

  // Puts each piece of the answer in the place of the piece with its id; a field being typed in keeps its focus.
  function replace(html, key) {
    const back = steady(document.getElementById("q-" + key));
    for (const piece of pieces(html)) {
      const old = piece.id && document.getElementById(piece.id);
      if (!old || piece.outerHTML === old.outerHTML) continue;
      if (piece.matches(".question, [data-without]")) {
        exchange(piece, old);
        continue;
      }
      if (old.contains(document.activeElement)) continue;
      if (piece.hidden && !old.hidden) {
        // What has become needless keeps its place until the page is opened again: nothing moves under the thumb.
        piece.hidden = false;
        piece.classList.add("is-spent");
      }
      old.replaceWith(piece);
    }
    back();
  }

  // What is answered, or else what is in the middle of the screen, stays where it is; gives the way back.
  function steady(asked) {
    const box = asked && asked.getBoundingClientRect();
    const inSight = box && box.bottom > 0 && box.top < window.innerHeight;
    const middle = document.elementFromPoint(window.innerWidth / 2, window.innerHeight / 2);
    const place = inSight ? asked : middle && middle.closest(".question");
    const top = place && place.getBoundingClientRect().top;
    return () => place && place.isConnected && window.scrollBy(0, place.getBoundingClientRect().top - top);
  }

  // Rows of a table come in one of their own.
  function pieces(html) {
    const body = new DOMParser().parseFromString(html, "text/html").body;
    return [...body.children].flatMap((each) => (each.matches("table[data-pieces]") ? [...each.tBodies[0].rows] : [each]));
  }

  // A question vanishes, or comes back; not while it is being typed in, nor with an answer that is not sent yet.
  function exchange(piece, old) {
    left.delete(piece.id);
    const is = (place) => place.dataset.without ?? String("vanished" in place.dataset);
    if (is(piece) === is(old) && is(piece) !== "true") return;
    const busy = (field) => [waiting, typing, later].some((acts) => acts.has(field.dataset.of));
    if (old.contains(document.activeElement)) left.set(piece.id, piece);
    else if (![...old.querySelectorAll("[data-of]")].some(busy)) put(piece, old, is(piece) !== is(old));
  }

  function put(piece, old, told) {
    old.replaceWith(piece);
    const said = document.getElementById("moved");
    if (told && said) said.textContent = "vanished" in piece.dataset ? "下面有的题不用填了" : "下面多了要填的题";
  }

  form.addEventListener("focusout", () => setTimeout(() => {
    for (const [id, piece] of left) exchange(piece, document.getElementById(id) || piece);
  }));

  function clear(key, spare) {
    for (const field of of(key)) {
      if (field === spare || field.type === "hidden" || field.hasAttribute("data-reason")) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = false;
      else if (!field.name.endsWith("__note")) field.value = "";
    }
  }

  // One question speaks with one voice: a value, 以上都没有, or a reason why it cannot be given.
  function agree(field, key) {
    if (field.name.endsWith("__note")) return;
    if (field.hasAttribute("data-reason")) {
      if (field.value.trim()) clear(key, field);
      return;
    }
    const reason = of(key).find((each) => each.hasAttribute("data-reason"));
    if (reason) reason.value = "";
    for (const each of of(key)) {
      if (each.type === "checkbox" && field.checked && each !== field && each.hasAttribute("data-none") !== field.hasAttribute("data-none")) each.checked = false;
    }
  }

  form.addEventListener("change", (event) => {
    const key = questionOf(event.target);
    if (!key) return;
    agree(event.target, key);
    showLack(key);
    enqueue(key);
  });

  form.addEventListener("input", (event) => {
    const key = questionOf(event.target);
    if (!key || event.target.type === "checkbox" || event.target.type === "radio") return;
    clearTimeout(typing.get(key));
    typing.set(key, setTimeout(() => { agree(event.target, key); enqueue(key); }, TYPING));
  });

  form.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    const all = event.target.closest("[name=all]");
    if (step) count(step.parentElement.querySelector("input"), Number(step.dataset.step));
    if (all) {
      event.preventDefault();
      tickAll(...all.value.split(":"));
    }
    if (event.target.closest("[data-same]")) sameAsLast(event.target.closest("section"));
  });

  function count(field, by) {
    const now = Number.parseInt(field.value, 10);
    field.value = String(Math.max(0, (Number.isNaN(now) ? 0 : now) + by));
    clearTimeout(typing.get(field.dataset.of));
    typing.set(field.dataset.of, setTimeout(() => { agree(field, field.dataset.of); enqueue(field.dataset.of); }, 400));
  }

  // A column or a row; pressed again when all is ticked, it is cleared.
  function tickAll(what, which) {
    const boxes = [...form.querySelectorAll(".ticks tbody input")].filter((box) => (what === "row" ? box.value : box.name) === which);
    const on = boxes.some((box) => !box.checked);
    for (const box of boxes) {
      if (box.checked === on) continue;
      box.checked = on;
      agree(box, box.dataset.of);
      showLack(box.dataset.of);
      enqueue(box.dataset.of);
    }
  }

  // A checklist that was filled says of each item that it lacks: 缺.
  function showLack(key) {
    for (const box of form.querySelectorAll(".ticks tbody input")) {
      if (box.dataset.of === key) box.closest("td").classList.toggle("is-lack", !box.checked);
    }
  }

  function sameAsLast(section) {
    for (const field of section.querySelectorAll("[data-previous]")) {
      if (field.value === field.dataset.previous) continue;
      field.value = field.dataset.previous;
      agree(field, field.dataset.of);
      enqueue(field.dataset.of);
    }
  }

  // The sentence being answered is under the marker.
  form.addEventListener("focusin", (event) => {
    const question = event.target.closest("[data-question]");
    const asked = question ? question.dataset.requirements.split(" ").filter(Boolean) : [];
    if (!asked.length) return;
    for (const row of form.querySelectorAll(".is-now")) row.classList.remove("is-now");
    question.classList.add("is-now");
    let first = "";
    for (const mark of document.querySelectorAll(".law__text mark")) {
      const carries = mark.dataset.requirements.split(" ").some((key) => asked.includes(key));
      mark.classList.toggle("now", carries);
      if (carries && !first) first = mark.textContent;
    }
    const folded = document.getElementById("law-now");
    if (folded && first) folded.textContent = first;
  });

  // A reader of a phone sees the sentence folded; the whole text is a press away.
  const law = document.querySelector("details.law");
  if (law && window.matchMedia("(max-width: 63.99rem)").matches) law.open = false;

  window.addEventListener("online", () => { failures = 0; send(); });
  // Leaving in the middle of a word: what was typed is sent on the way out. Only what cannot be sent asks to stay.
  window.addEventListener("pagehide", () => {
    for (const key of [...typing.keys()]) enqueue(key);
  });
  window.addEventListener("beforeunload", (event) => {
    if (failures && waiting.size && !form.dataset.leaving) event.preventDefault();
  });
  form.addEventListener("submit", () => { form.dataset.leaving = "1"; });
})();
