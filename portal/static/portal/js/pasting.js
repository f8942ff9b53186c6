// A block copied from a spreadsheet, and how its words fit a cell.
(function () {
  "use strict";

  const YES = new Set(["是", "有", "√", "✓", "✔", "y", "yes", "true", "1"]);
  const NO = new Set(["否", "无", "没有", "×", "✗", "x", "n", "no", "false", "0"]);

  // Lines of cells; a cell in quotes may hold line breaks, as Excel copies it.
  function block(text) {
    const rows = [[]];
    let cell = "", quoted = false;
    const end = () => { rows[rows.length - 1].push(cell); cell = ""; };
    const clean = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    for (let place = 0; place < clean.length; place += 1) {
      const sign = clean[place];
      if (quoted && sign === '"' && clean[place + 1] === '"') { cell += '"'; place += 1; }
      else if (sign === '"' && (quoted || cell === "")) quoted = !quoted;
      else if (sign === "\t" && !quoted) end();
      else if (sign === "\n" && !quoted) { end(); rows.push([]); }
      else cell += sign;
    }
    end();
    return rows;
  }

  function plain(words) {
    return words.normalize("NFKC").trim().toLowerCase();
  }

  function optionFor(select, words) {
    const said = plain(words);
    const options = [...select.options];
    const own = options.find((option) => plain(option.label) === said || plain(option.value) === said);
    if (own || said === "") return own || options[0];
    const truth = YES.has(said) ? "true" : NO.has(said) ? "false" : null;
    return options.find((option) => option.value === truth);
  }

  // Puts words into a field. False where they do not fit; the field then stays as it is.
  function fit(field, words) {
    if (field.type === "checkbox") {
      const said = plain(words);
      if (!YES.has(said) && !NO.has(said) && said !== "") return false;
      field.checked = YES.has(said);
      return true;
    }
    if (field.tagName === "SELECT") {
      const option = optionFor(field, words);
      if (!option) return false;
      field.value = option.value;
      return true;
    }
    field.value = words.trim();
    return true;
  }

  window.Pasting = { block, fit, optionFor };
})();
