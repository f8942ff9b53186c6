// 批量填写: the table moves and takes blocks like a spreadsheet; each line saves itself. The page works without this
// script: every line then has its own button.
(function () {
  "use strict";

  const grid = document.getElementById("grid");
  if (!grid || !grid.hasAttribute("data-writable")) return;
  document.documentElement.classList.add("has-script");
  const panel = document.getElementById("cell-panel");
  const STATES = ["200", "409", "422", "423"];
  let editing = false; // the caret moves within the cell instead of from cell to cell
  let shown = null; // the cell that the panel speaks of
  let taking = ""; // a choice in a conflict, sent with the next act

  const fieldOf = (td) => td && td.querySelector("input:not([type=hidden]), select");
  const cellOf = (node) => node.closest("td[data-c]");
  const lineOf = (td) => td.parentElement;
  const keyOf = (td) => td.dataset.key || td.dataset.of;
  const cellsOf = (tr, key) => [...tr.querySelectorAll("td[data-c]")].filter((td) => keyOf(td) === key);
  const firstOf = (td) => cellsOf(lineOf(td), keyOf(td))[0];
  const hidden = (td, what) => firstOf(td).querySelector("input[name$=__" + what + "]");

  // ── Saving ──
  const queue = new window.SaveQueue({
    address: (code) => document.getElementById("f-" + code).action,
    counted: (count) => count + " 家",
    body(code, keys, id) {
      const form = document.getElementById("f-" + code);
      const data = new FormData();
      for (const field of form.elements) {
        const key = field.name.split("__")[0];
        const on = field.type !== "checkbox" || field.checked;
        if (keys.has(key) && on) data.append(field.name, field.value);
      }
      data.append("operation", id);
      if (taking) data.append("take", taking);
      taking = "";
      return data;
    },
    heard(code, keys, response, words) {
      if (!STATES.includes(String(response.status))) return say("没有保存：请刷新本页再试", "conflict");
      replace(code, words);
      if (response.status === 200) say("已保存 " + new Date().toTimeString().slice(0, 5));
      else if (response.status === 409) say("有 1 处同时被改过，请选一个", "conflict");
      else say("标红的格没有保存，点它看原因", "conflict");
      return undefined;
    },
    say,
  });

  function say(words, kind) {
    const place = document.getElementById("saved-grid");
    place.className = "saved" + (kind ? " saved--" + kind : "");
    place.querySelector("use").setAttribute("href", kind === "offline" ? "#i-offline" : kind ? "#o-fail" : "#i-saved");
    place.lastElementChild.textContent = words;
  }

  function save(td) {
    queue.add(lineOf(td).dataset.code, [keyOf(td)]);
  }

  // Each cell of the answer takes the place of its like; what is being typed, or was edited since, keeps its value.
  function replace(code, html) {
    const holder = document.createElement("table");
    holder.innerHTML = html.trim();
    const fresh = holder.querySelector("tr"), old = document.getElementById("line-" + code);
    if (!fresh || !old) return;
    const busy = queue.edited(code);
    for (const td of [...fresh.children]) {
      const own = td.id && document.getElementById(td.id);
      if (!own) continue;
      const held = own.contains(document.activeElement) && !td.dataset.error;
      if (held || busy.has(keyOf(own))) refresh(own, td);
      else own.replaceWith(td);
    }
    old.querySelector(".grid__found").replaceWith(fresh.querySelector(".grid__found") || old.querySelector(".grid__found"));
    const state = fresh.querySelector(".grid__who small");
    if (state) old.querySelector(".grid__who small").textContent = state.textContent;
    if (shown) tell(document.getElementById(shown));
  }

  function refresh(own, td) {
    own.className = td.className;
    for (const [name, value] of Object.entries(td.dataset)) own.dataset[name] = value;
    for (const field of own.querySelectorAll("input[type=hidden]")) {
      const like = td.querySelector("[name='" + field.name + "']");
      if (like && field.name.endsWith("__revision")) field.value = like.value;
    }
  }

  // ── One question speaks with one voice ──
  function agree(td, field) {
    const key = keyOf(td);
    if (field.type === "checkbox" && field.checked) {
      const none = field.name.endsWith("__none");
      for (const other of cellsOf(lineOf(td), key).map(fieldOf)) {
        if (other !== field && other.name.endsWith("__none") !== none) other.checked = false;
      }
    }
    const reason = hidden(td, "reason");
    if (reason) reason.value = "";
  }

  grid.addEventListener("change", (event) => {
    const td = cellOf(event.target);
    if (!td) return;
    agree(td, event.target);
    td.classList.remove("is-wrong");
    save(td);
  });

  // ── Moving ──
  function move(td, down, right) {
    const lines = [...grid.tBodies[0].rows];
    let row = lines.indexOf(lineOf(td)), column = Number(td.dataset.c);
    for (;;) {
      row += down;
      column += right;
      const next = lines[row] && lines[row].querySelector("[id='c-" + lines[row].dataset.code + "-" + column + "']");
      if (!next) return;
      const field = fieldOf(next);
      if (field) { field.focus(); return; }
    }
  }

  function edge(field, right) {
    if (field.type !== "text" || !editing) return true;
    return right ? field.selectionStart === field.value.length : field.selectionEnd === 0;
  }

  const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  grid.addEventListener("keydown", (event) => {
    const td = cellOf(event.target);
    if (!td || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const field = event.target, arrow = ARROWS[event.key];
    if (arrow && (arrow[0] || edge(field, arrow[1] > 0))) go(event, td, ...arrow);
    else if (event.key === "Enter" && field.tagName !== "BUTTON") go(event, td, event.shiftKey ? -1 : 1, 0);
    else if (event.key === "Escape") restore(event, td, field);
    else if (event.key === "F2" && field.type === "text") edit(event, field);
    else if (field.tagName === "SELECT") choose(event, td, field);
    else if (!editing && field.type === "text" && (event.key === "Home" || event.key === "End")) jump(event, td);
    else if (event.key.length === 1 || event.key === "Backspace") editing = editing || field.type === "text";
  });

  function go(event, td, down, right) {
    event.preventDefault();
    move(td, down, right);
  }

  function jump(event, td) {
    const cells = [...lineOf(td).querySelectorAll("td[data-c]")].filter(fieldOf);
    event.preventDefault();
    fieldOf(event.key === "Home" ? cells[0] : cells[cells.length - 1]).focus();
  }

  function edit(event, field) {
    event.preventDefault();
    editing = true;
    field.setSelectionRange(field.value.length, field.value.length);
  }

  function restore(event, td, field) {
    event.preventDefault();
    if (field.type === "checkbox") return;
    field.value = field.dataset.was || "";
    editing = false;
    if (field.select) field.select();
  }

  function choose(event, td, select) {
    const clears = event.key === "Delete" || event.key === "Backspace";
    const nth = /^[1-9]$/.test(event.key) && select.options.length > 3 ? select.options[Number(event.key)] : null;
    const option = clears ? select.options[0] : nth || (event.key.length === 1 && window.Pasting.optionFor(select, event.key));
    if (!option || event.key === " ") return;
    event.preventDefault();
    select.value = option.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  grid.addEventListener("focusin", (event) => {
    const td = cellOf(event.target);
    if (!td) return;
    editing = false;
    event.target.dataset.was = event.target.value;
    if (event.target.select && event.target.type === "text") event.target.select();
    tell(td);
  });
  grid.addEventListener("mouseup", (event) => { if (event.target.type === "text" && event.detail > 1) editing = true; });

  // ── A block from a spreadsheet ──
  grid.addEventListener("paste", (event) => {
    const td = cellOf(event.target), text = event.clipboardData.getData("text/plain");
    if (!td || (!/[\t\n]/.test(text) && event.target.type === "text")) return;
    event.preventDefault();
    const refused = spread(td, window.Pasting.block(text));
    if (refused) say(refused + " 格没有贴进去，标红的请手工填", "conflict");
  });

  function spread(td, rows) {
    const lines = [...grid.tBodies[0].rows], top = lines.indexOf(lineOf(td)), left = Number(td.dataset.c);
    let refused = 0;
    rows.forEach((words, down) => {
      const line = lines[top + down];
      if (!line) { refused += words.length; return; }
      const changed = new Set();
      words.forEach((word, right) => {
        const own = line.querySelector("[id='c-" + line.dataset.code + "-" + (left + right) + "']"), field = fieldOf(own);
        if (!field) { refused += word.trim() && !(own && own.classList.contains("is-na")) ? 1 : 0; return; }
        const fits = window.Pasting.fit(field, word);
        own.classList.toggle("is-wrong", !fits);
        if (!fits) { own.dataset.error = "“" + word + "”填不进这一格"; refused += 1; return; }
        agree(own, field);
        changed.add(keyOf(own));
      });
      if (changed.size) queue.add(line.dataset.code, changed);
    });
    return refused;
  }

  // ── What belongs to the cell in focus ──
  function tell(td) {
    if (!td || !fieldOf(td)) return;
    shown = td.id;
    const first = firstOf(td), head = document.getElementById("q-" + keyOf(td));
    const put = (name, words) => { panel.querySelector(".cell-panel__" + name).textContent = words; };
    const item = document.getElementById("h-" + td.dataset.c);
    put("who", lineOf(td).querySelector(".grid__who a").textContent + "　" + head.firstChild.textContent + (item ? "：" + item.textContent : ""));
    put("meaning", head.dataset.meaning);
    const told = [first.dataset.unread, first.dataset.previous && "上季 " + first.dataset.previous];
    put("said", told.filter(Boolean).join("，"));
    const mine = first.dataset.mine ? "您填的是 " + first.dataset.mine + "，别人刚改成 " + first.dataset.theirs + "。" : "";
    put("warning", td.dataset.error || first.dataset.error || mine || first.dataset.warning || "");
    panel.querySelector(".cell-panel__conflict").hidden = !first.dataset.take;
    for (const what of ["note", "reason"]) {
      const field = panel.querySelector("[data-panel=" + what + "]");
      if (field !== document.activeElement) field.value = hidden(td, what).value;
    }
    const telling = lineOf(td).querySelector(".grid__telling");
    panel.querySelector(".cell-panel__found").replaceChildren(...(telling ? telling.cloneNode(true).children : []));
    panel.hidden = false;
  }

  panel.addEventListener("change", (event) => {
    const what = event.target.dataset.panel, td = shown && document.getElementById(shown);
    if (!what || !td) return;
    hidden(td, what).value = event.target.value;
    if (what === "reason" && event.target.value.trim()) {
      for (const field of cellsOf(lineOf(td), keyOf(td)).map(fieldOf)) {
        if (field.type === "checkbox") field.checked = false;
        else field.value = "";
      }
    }
    save(td);
  });

  panel.addEventListener("click", (event) => {
    const choice = event.target.dataset.take, td = shown && document.getElementById(shown);
    if (!choice || !td) return;
    taking = choice + ":" + firstOf(td).dataset.take;
    save(td);
  });
})();
