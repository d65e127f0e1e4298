/* Times of a stage's tasks, from the skew of its keys, the partitions and the cores.
 * Plain JavaScript, no network. A page takes part by holding <div id="partition-skew"></div>.
 * The model, which tests hold against the exercise partition_sizes: 100,000 rows of 1,000 keys.
 * Key k has a share of 1 / (k + 1)^skew. With s names a key's rows are dealt out in turn to the
 * keys k * s, ..., k * s + s - 1. A row of key k goes to partition k % n. A task takes 100 ms and
 * 1 ms a row; tasks start in order, each on the core that is free first. */
(function () {
  "use strict";
  const ROWS = 100000, KEYS = 1000, START_MS = 100, ROW_MS = 1;

  function rowsOfKeys(skew) {
    const sums = [];
    let sum = 0;
    for (let key = 0; key < KEYS; key++) sums.push((sum += 1 / Math.pow(key + 1, skew)));
    let before = 0;
    return sums.map(function (until) {
      const here = Math.floor((ROWS * until) / sum);
      const rows = here - before;
      before = here;
      return rows;
    });
  }

  function partitionSizes(skew, partitions, names) {
    const sizes = new Array(partitions).fill(0);
    rowsOfKeys(skew).forEach(function (rows, key) {
      for (let name = 0; name < names; name++) {
        const dealt = Math.floor(rows / names) + (name < rows % names ? 1 : 0);
        sizes[(key * names + name) % partitions] += dealt;
      }
    });
    return sizes;
  }

  function stageMs(times, cores) {
    const free = new Array(cores).fill(0);
    for (const time of times) free[free.indexOf(Math.min(...free))] += time;
    return Math.max(...free);
  }

  function element(tag, attributes, ...inside) {
    const one = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
    one.append(...inside);
    return one;
  }

  function drawn(tag, attributes) {
    const one = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
    return one;
  }

  const seconds = (ms) => (ms / 1000).toFixed(1) + " s";

  function slider(label, id, least, most, step, value, spoken) {
    const input = element("input", { type: "range", id, min: least, max: most, step, value });
    const shown = element("output", { for: id });
    const box = element(
      "div", { class: "ps-field" }, element("label", { for: id }, label), shown, input
    );
    return {
      box, input,
      value: () => Number(input.value),
      say: function () {
        shown.textContent = spoken(Number(input.value));
        input.setAttribute("aria-valuetext", shown.textContent);
      },
    };
  }

  function picture(times, even) {
    const width = 320, height = 120, most = Math.max(...times), gap = times.length > 32 ? 1 : 2;
    const wide = width / times.length;
    const svg = drawn("svg", { viewBox: "0 0 320 120", "aria-hidden": "true", class: "ps-picture" });
    times.forEach(function (time, number) {
      const high = (height * time) / most;
      svg.append(drawn("rect", {
        x: (number * wide).toFixed(2), y: (height - high).toFixed(2),
        width: Math.max(1, wide - gap).toFixed(2), height: high.toFixed(2),
        class: time === most && most > even ? "ps-longest" : "ps-task",
      }));
    });
    const level = (height - (height * even) / most).toFixed(2);
    svg.append(drawn("line", { x1: 0, x2: width, y1: level, y2: level, class: "ps-even" }));
    return svg;
  }

  function build(place) {
    const skew = slider("Skew of the keys", "ps-skew", 0, 2, 0.1, 1, (v) => v.toFixed(1));
    const parts = slider("Partitions", "ps-partitions", 1, 64, 1, 8, String);
    const cores = slider("Cores", "ps-cores", 1, 16, 1, 4, String);
    const names = slider("Names of each key (salt)", "ps-names", 1, 16, 1, 1, String);
    const told = element("p", { role: "status", id: "ps-told" });
    const chart = element("div", {});
    const body = element("tbody", {});
    const table = element(
      "table", {}, element("caption", {}, "Rows and time of each task"),
      element("thead", {}, element("tr", {}, ...["Partition", "Rows", "Time"].map((one) =>
        element("th", { scope: "col" }, one)))), body
    );
    const details = element(
      "details", { id: "ps-list" }, element("summary", {}, "The same as a table"), table
    );
    const every = [skew, parts, cores, names];

    function show() {
      for (const one of every) one.say();
      const sizes = partitionSizes(skew.value(), parts.value(), names.value());
      const times = sizes.map((rows) => START_MS + ROW_MS * rows);
      const longest = Math.max(...times);
      const stage = stageMs(times, cores.value());
      const even = times.reduce((one, other) => one + other, 0) / times.length;
      told.dataset.sizes = sizes.join(" ");
      told.dataset.stage = String(stage);
      told.dataset.longest = String(longest);
      told.textContent =
        "The longest task takes " + seconds(longest) + ", the average one " + seconds(even) +
        ". The stage takes " + seconds(stage) + "; spread evenly over the cores the same work " +
        "would take " + seconds((even * times.length) / cores.value()) + ".";
      chart.replaceChildren(picture(times, even));
      body.replaceChildren(...sizes.map((rows, number) => element(
        "tr", {}, element("th", { scope: "row" }, String(number)),
        element("td", {}, rows.toLocaleString("en")), element("td", {}, seconds(times[number]))
      )));
    }

    const form = element(
      "form", { class: "ps", "aria-label": "Times of a stage's tasks" },
      element("div", { class: "ps-fields" }, ...every.map((one) => one.box)), chart, told, details
    );
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", show);
    place.replaceChildren(form);
    show();
  }

  function start() {
    const place = document.getElementById("partition-skew");
    if (place) build(place);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
