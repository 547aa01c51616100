// Tables with search, order and pages. In print a table has every row that is chosen.

const { h, append, say, count } = page.ui;
const PAGE = 50;

// table shows rows. The specification has
//   id        of the section, for the names of its controls
//   caption   what the rows are
//   noun      of a row; nouns when it is not noun + "s"; without one nothing says how many
//   none      what an empty table says
//   columns   of { title, cell(row), text(row), order(row), narrow, wide }: cell returns what h takes;
//             text is what is searched and, without order, sorted by
//   rows      all of them, at first
//   search    label of the field; none without
//   filters   of { name, label, of(row) }: a list of values to choose from each
// It returns { element, choose(values), set(rows), print() }; set is for tables without
// search and filters.
page.ui.table = (spec) => {
  const { columns, noun, nouns = noun + "s", filters = [] } = spec;
  let { rows } = spec;
  const texts = spec.search ? rows.map((row) => columns.map((c) => c.text?.(row) ?? "").join("\n").toLowerCase()) : [];
  let chosen = rows.map((_, i) => i), first = 0, sorted = -1, down = false, all = false;

  const field = spec.search && h("input", { type: "search", id: spec.id + "-search", autocomplete: "off", spellcheck: "false", oninput: () => choose() });
  const selects = filters.map((f) => {
    const values = [...new Set(rows.flatMap((row) => f.of(row)))].filter(Boolean).sort();
    return h("select", { id: `${spec.id}-${f.name}`, onchange: () => choose() }, h("option", { value: "" }, "all"), values.map((v) => h("option", { value: v }, v)));
  });
  const result = h("p", { class: "result" });
  const heads = columns.map((c, i) => h("th", { scope: "col", class: c.narrow ? "narrow" : c.wide ? "wide" : null },
    c.text || c.order ? h("button", { type: "button", class: "order", onclick: () => order(i) }, c.title) : c.title));
  const body = h("tbody");
  const before = h("button", { type: "button", onclick: () => turn(-1) }, "Previous");
  const after = h("button", { type: "button", onclick: () => turn(1) }, "Next");
  const at = h("span");
  const pages = h("nav", { class: "pages", "aria-label": "Pages of " + spec.caption }, before, at, after);
  const box = h("div", { class: "scroll", role: "region", "aria-label": "Table: " + spec.caption, tabindex: "0" },
    h("table", { class: "data" }, h("caption", {}, spec.caption), h("thead", {}, h("tr", {}, heads)), body));

  const choose = () => {
    const words = (field?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    chosen = rows.map((_, i) => i).filter((i) => words.every((w) => texts[i].includes(w)) &&
      filters.every((f, n) => !selects[n].value || [f.of(rows[i])].flat().includes(selects[n].value)));
    if (sorted >= 0) sort();
    first = 0;
    draw();
    say(count(chosen.length, noun, nouns));
  };
  const sort = () => {
    const key = columns[sorted].order ?? columns[sorted].text;
    const keys = new Map(chosen.map((i) => [i, key(rows[i])]));
    const compare = (a, b) => (keys.get(a) < keys.get(b) ? -1 : keys.get(a) > keys.get(b) ? 1 : a - b);
    chosen.sort(down ? (a, b) => compare(b, a) : compare);
  };
  const order = (i) => {
    down = sorted === i && !down;
    sorted = i;
    sort();
    first = 0;
    draw();
    say(`sorted by ${columns[i].title}, ${down ? "descending" : "ascending"}`);
  };
  const turn = (by) => {
    first += by * PAGE;
    draw();
    box.scrollTop = 0;
    say(at.textContent);
    // A button that is disabled now would lose the keyboard.
    if (before.disabled && by < 0) after.focus();
    if (after.disabled && by > 0) before.focus();
  };
  const draw = () => {
    const end = all ? chosen.length : Math.min(first + PAGE, chosen.length);
    heads.forEach((head, i) => {
      if (i === sorted) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    body.replaceChildren(...chosen.slice(all ? 0 : first, end).map((i) => h("tr", {}, columns.map((c, n) =>
      n === 0 ? h("th", { scope: "row" }, c.cell(rows[i])) : h("td", {}, c.cell(rows[i]))))));
    box.hidden = chosen.length === 0;
    result.textContent = rows.length === 0 ? spec.none : chosen.length === rows.length ? count(rows.length, noun, nouns)
      : `${count(chosen.length, noun, nouns)} of ${rows.length.toLocaleString("en-US")}`;
    pages.hidden = all || chosen.length <= PAGE;
    before.disabled = first === 0;
    after.disabled = end >= chosen.length;
    at.textContent = `${(first + 1).toLocaleString("en-US")} to ${end.toLocaleString("en-US")} of ${chosen.length.toLocaleString("en-US")}`;
  };

  const controls = h("div", { class: "controls" },
    field && h("div", {}, h("label", { for: field.id }, spec.search), field),
    filters.map((f, n) => h("div", {}, h("label", { for: selects[n].id }, f.label), selects[n])));
  result.hidden = !noun;
  const element = h("div", {}, rows.length > 0 && controls.childElementCount > 0 && controls, result, box, pages);
  draw();
  return {
    element,
    choose: (values) => {
      if (field && values.search !== undefined) field.value = values.search;
      filters.forEach((f, n) => { if (values[f.name] !== undefined) selects[n].value = values[f.name]; });
      choose();
    },
    set: (given) => {
      rows = given;
      chosen = rows.map((_, i) => i);
      if (sorted >= 0) sort();
      first = 0;
      draw();
    },
    print: () => {
      all = true;
      draw();
      return () => { all = false; draw(); };
    },
  };
};
