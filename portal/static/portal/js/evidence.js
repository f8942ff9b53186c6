// Photos and PDFs of one row go one after another, each with its progress: made small on the device, sent again with
// the same operation until the server has answered. What waits is kept as long as the page lives. Without this script
// a plain form sends them.
(function () {
  "use strict";

  const form = document.getElementById("evidence-form");
  const list = document.getElementById("uploads");
  if (!form || !list || !window.photo) return;
  const { operation, token } = window.acts;
  const WAITS = [2, 4, 8, 15, 30]; // seconds before the next try
  const queue = []; // files that the server has not answered for, in order
  const use = document.getElementById("evidence-use");
  const consent = document.querySelector("[name=keep_capture]");
  const pickers = ["evidence-camera", "evidence-files"].map((id) => document.getElementById(id));
  let sending = false;
  let failures = 0;
  document.documentElement.classList.add("has-script");

  function made(tag, name, words) {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (words) node.textContent = words;
    return node;
  }

  function weight(bytes) {
    return bytes < 1e6 ? Math.ceil(bytes / 1000) + " kB" : (bytes / 1e6).toFixed(1) + " MB";
  }

  function announce(words) {
    document.getElementById("uploads-said").textContent = words;
  }

  // ── A line for each file ──

  function line(item) {
    const row = made("li", "upload");
    item.bar = made("progress");
    item.bar.max = 100;
    item.bar.value = 0;
    item.bar.setAttribute("aria-label", item.file.name);
    item.said = made("span", "upload__said");
    item.acts = made("span", "upload__acts");
    row.append(made("span", "upload__name", item.file.name), item.said, item.acts, item.bar);
    item.row = row;
    list.append(row);
    say(item, "等待");
  }

  function say(item, words) {
    item.said.textContent = words;
  }

  function offer(item, ...acts) {
    item.acts.replaceChildren(...acts.map(([words, act]) => {
      const button = made("button", "btn btn-outline-secondary btn-sm", words);
      button.type = "button";
      button.append(made("span", "visually-hidden", "：" + item.file.name));
      button.addEventListener("click", act);
      return button;
    }));
  }

  function forget(item) {
    const at = queue.indexOf(item);
    if (at >= 0) queue.splice(at, 1);
    item.request?.abort();
    item.row.remove();
  }

  function refuse(item, words) {
    queue.splice(queue.indexOf(item), 1);
    item.row.classList.add("is-refused");
    item.bar.hidden = true;
    say(item, words);
    announce(words);
    offer(item, ["重试", () => { forget(item); add(item.file, item.use); }], ["不传了", () => forget(item)]);
  }

  // ── One after another ──

  function add(file, wanted) {
    const item = { id: operation(), file, use: wanted, consents: consent.checked };
    queue.push(item);
    line(item);
    offer(item, ["不传了", () => forget(item)]);
    send();
  }

  async function body(item) {
    const seen = item.consents ? await window.photo.captured(item.file) : {};
    const small = await window.photo.smaller(item.file);
    const data = new FormData();
    data.append("operation", item.id);
    data.append("use", item.use);
    if (item.consents) data.append("keep_capture", "1");
    for (const [name, value] of Object.entries(seen)) data.append(name, value);
    data.append("files", small, item.file.name);
    item.size = small.size;
    return data;
  }

  function post(item) {
    return new Promise((done, failed) => {
      const request = new XMLHttpRequest();
      item.request = request;
      request.open("POST", form.action);
      request.setRequestHeader("X-CSRFToken", token());
      request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
      request.timeout = 120000;
      request.upload.addEventListener("progress", (event) => {
        if (!event.lengthComputable) return;
        item.bar.value = Math.round((100 * event.loaded) / event.total);
        say(item, item.bar.value < 100 ? "上传中 " + item.bar.value + "%，共 " + weight(item.size) : "已传完，正在检查");
      });
      request.addEventListener("load", () => done(request));
      for (const what of ["error", "timeout"]) request.addEventListener(what, failed);
      request.addEventListener("abort", () => done(null));
      request.send(item.body);
    });
  }

  async function send() {
    if (sending || !queue.length) return;
    sending = true;
    const item = queue[0];
    try {
      if (!item.body) say(item, "正在缩小");
      item.body ||= await body(item); // what was sent once is sent again to the letter
      const request = queue.includes(item) ? await post(item) : null;
      if (request && (request.status >= 500 || request.status === 429)) throw new Error("server");
      failures = 0;
      if (request) heard(item, request);
    } catch (lost) {
      failures += 1;
      wait();
    }
    sending = false;
    if (!failures) send();
  }

  function wait() {
    const seconds = WAITS[Math.min(failures, WAITS.length) - 1];
    for (const item of queue) say(item, "离线，连上网自动传");
    if (queue.length) offer(queue[0], ["马上再试", () => { failures = 0; send(); }], ["不传了", () => forget(queue[0])]);
    announce("离线，" + queue.length + " 个文件未传");
    setTimeout(send, 1000 * seconds);
  }

  function heard(item, request) {
    const words = request.responseText;
    if (request.status === 401 || !request.responseURL.includes("/evidence/")) return ended(item);
    expired(false);
    if (request.status === 200) return kept(item, words);
    if (request.status === 422 || request.status === 423) return refuse(item, words);
    return refuse(item, request.status === 413 ? "文件太大，没有收。" : "没有收，请刷新本页再试。");
  }

  function ended(item) {
    say(item, "登录已过期，请先登录");
    expired(true);
    failures = 1;
    setTimeout(send, 5000);
  }

  function expired(is) {
    const notice = document.getElementById("expired");
    if (notice) notice.hidden = !is;
  }

  function kept(item, html) {
    queue.splice(queue.indexOf(item), 1);
    item.row.remove();
    const pieces = new DOMParser().parseFromString(html, "text/html");
    const doubled = exchange(pieces, "shots");
    exchange(pieces, "wishes");
    announce(item.file.name + " 已传" + (doubled ? "。" + doubled : "") + (queue.length ? "，还有 " + queue.length + " 个" : ""));
  }

  // New files join the list. Of what is there only the words are exchanged: a reader may be in the middle of it.
  function exchange(pieces, id) {
    const fresh = pieces.getElementById(id);
    const old = document.getElementById(id);
    const added = [...fresh.children].filter((each) => !document.getElementById(each.id));
    for (const each of fresh.children) if (!added.includes(each)) refresh(each);
    old.hidden = fresh.hidden;
    old.append(...added);
    return added.map((each) => each.querySelector(".shot__double")?.textContent || "").join("");
  }

  function refresh(piece) {
    const old = document.getElementById(piece.id);
    old.className = piece.className;
    old.querySelector("[data-words]").replaceWith(piece.querySelector("[data-words]"));
  }

  // ── Chosen ──

  for (const picker of pickers) {
    picker.addEventListener("change", () => {
      for (const file of picker.files) add(file, use.value);
      picker.value = "";
    });
  }

  document.getElementById("evidence").addEventListener("click", (event) => {
    const wish = event.target.closest("[data-wish]");
    if (!wish) return;
    use.value = wish.dataset.wish;
    pickers[1].click();
  });

  window.addEventListener("online", () => { failures = 0; send(); });
  window.addEventListener("beforeunload", (event) => { if (queue.length) event.preventDefault(); });
})();
