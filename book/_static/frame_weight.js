/* What a frame weighs, from its schema: the rules of the exercise frame_bytes, in a page.
 * Plain JavaScript, no network. A page takes part by holding <div id="frame-weight"></div>. */
(function () {
  "use strict";
  const WIDTHS = {
    int8: 1, int16: 2, int32: 4, int64: 8, float32: 4, float64: 8, bool: 1, "datetime64[ns]": 8,
  };
  const CATEGORY = "category";
  const GIB = 1024 ** 3;
  let made = 0;

  // Bytes of one column; a category of n values keeps a code in each row and 8 bytes a value.
  function columnBytes(type, values, rows) {
    if (type !== CATEGORY) return rows * WIDTHS[type];
    const code = values <= 126 ? 1 : values <= 32766 ? 2 : 4;
    return rows * code + values * 8;
  }

  function element(tag, attributes, ...inside) {
    const one = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
    one.append(...inside);
    return one;
  }

  function field(label, id, control) {
    control.id = id;
    return element("div", { class: "fw-field" }, element("label", { for: id }, label), control);
  }

  function number(value, least, step) {
    return element("input", {
      type: "number", value: String(value), min: String(least), step, inputmode: "decimal",
    });
  }

  // The number in a field, or null (and the field is marked) when it cannot be one.
  function read(input, whole) {
    const text = input.value.trim();
    const value = Number(text);
    const right =
      text !== "" && value >= Number(input.min) &&
      (whole ? Number.isSafeInteger(value) : Number.isFinite(value));
    input.setAttribute("aria-invalid", String(!right));
    return right ? value : null;
  }

  function build(place) {
    const rows = number(1000000, 0, "1");
    const memory = number(8, 0, "any");
    const list = element("div", { role: "group", "aria-label": "Columns of the frame" });
    const add = element("button", { type: "button", id: "fw-add" }, "Add columns");
    const told = element("p", { role: "status", id: "fw-told" });
    const columns = [];

    function weigh() {
      let bytes = 0;
      let wrong = "";
      const count = read(rows, true);
      if (count === null) wrong = "Rows: a whole number, 0 or more.";
      for (const one of columns) {
        const category = one.type.value === CATEGORY;
        one.values.disabled = !category;
        const many = read(one.many, true);
        const values = category ? read(one.values, true) : 0;
        if (!category) one.values.setAttribute("aria-invalid", "false");
        if (many === null) wrong = wrong || "How many: a whole number, 0 or more.";
        if (values === null) wrong = wrong || "Different values: a whole number, 0 or more.";
        if (!wrong) bytes += many * columnBytes(one.type.value, values, count);
      }
      const held = read(memory, false);
      if (held === null) wrong = wrong || "Memory: a number, 0 or more.";
      if (!wrong && !Number.isSafeInteger(bytes)) wrong = "That is more than this page can count.";
      if (wrong) {
        delete told.dataset.bytes;
        delete told.dataset.fits;
        told.textContent = wrong;
        return;
      }
      const fits = bytes <= held * GIB;
      told.dataset.bytes = String(bytes);
      told.dataset.fits = String(fits);
      told.textContent =
        bytes.toLocaleString("en") + " bytes, " + (bytes / GIB).toFixed(2) + " GiB: the frame " +
        (fits ? "fits" : "does not fit") + " in " + held + " GiB.";
    }

    function addColumns(type, values, many) {
      made += 1;
      const id = "fw-" + made;
      const one = { type: element("select", {}), values: number(values, 0, "1"), many: number(many, 0, "1") };
      for (const name of [...Object.keys(WIDTHS), CATEGORY]) {
        one.type.append(element("option", { value: name }, name));
      }
      one.type.value = type;
      const remove = element("button", { type: "button", id: id + "-remove" }, "Remove");
      remove.setAttribute("aria-label", "Remove columns " + made);
      one.box = element(
        "fieldset", { class: "fw-columns" }, element("legend", {}, "Columns " + made),
        field("Type", id + "-type", one.type), field("Different values", id + "-values", one.values),
        field("How many", id + "-many", one.many), remove
      );
      remove.addEventListener("click", function () {
        columns.splice(columns.indexOf(one), 1);
        one.box.remove();
        add.focus();
        weigh();
      });
      columns.push(one);
      list.append(one.box);
      return one;
    }

    add.addEventListener("click", function () {
      addColumns("int64", 100, 1).type.focus();
      weigh();
    });
    const form = element(
      "form", { class: "fw", "aria-label": "What a frame weighs" },
      field("Rows", "fw-rows", rows), list, add, field("Memory you have, GiB", "fw-memory", memory), told
    );
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", weigh);
    form.addEventListener("change", weigh);
    addColumns("int64", 100, 2);
    addColumns(CATEGORY, 2000, 1);
    place.replaceChildren(form);
    weigh();
  }

  function start() {
    const place = document.getElementById("frame-weight");
    if (place) build(place);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
