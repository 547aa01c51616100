// Access: products or tables against principals, and as a list; a cell opens what it holds.

const { model, ui } = page;
const { h, chip, count, link } = ui;
const LINES = 50, ACROSS = 40;

// What is searched is prepared once: the names of principals and objects, and of the
// columns that each sight shows of its object.
const principalText = model.principals.map((p) => (p.name + "\n" + p.id).toLowerCase());
const objectText = model.objects.map((o) => [o.owner, o.name, o.place].join("\n").toLowerCase());
const sightText = new Map();
const columnsText = (row) => {
  const key = row.object.index + "/" + row.sightIndex;
  let text = sightText.get(key);
  if (text === undefined) {
    text = row.sight.flatMap((g) => g.columns.map((c) => row.object.columns[c].name)).join("\n").toLowerCase();
    sightText.set(key, text);
  }
  return text;
};

// search returns a function that says whether a row has every word.
const search = (query) => {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean).map((word) => {
    const sights = new Map();
    return {
      word, sights,
      principals: principalText.map((t) => t.includes(word)),
      objects: objectText.map((t) => t.includes(word)),
    };
  });
  return (row) => words.every(({ word, principals, objects, sights }) => {
    if (principals[row.principal.index] || objects[row.object.index]) return true;
    const key = row.object.index * 1e6 + row.sightIndex;
    let hit = sights.get(key);
    if (hit === undefined) sights.set(key, hit = columnsText(row).includes(word));
    return hit;
  });
};

const { compare } = new Intl.Collator("en", { numeric: true });
const distinct = (values) => [...new Set(values)].filter(Boolean).sort(compare);
const byName = (a, b) => compare(a.name, b.name) || a.index - b.index;

page.section("access", (root) => {
  const state = { q: "", principal: "", domain: "", product: "", level: "", right: "", kind: "table", by: "product", view: "matrix", cell: "" };
  const defaults = { ...state };
  let first = 0, firstAcross = 0, chosen = [], groups = [], columns = [], active = [0, 0];

  // Controls.
  const field = h("input", { type: "search", id: "access-search", autocomplete: "off", spellcheck: "false", placeholder: "name, table or column", oninput: () => { state.q = field.value; choose(); } });
  const select = (name, label, values, all = "all") => {
    const element = h("select", { id: "access-" + name, onchange: () => { state[name] = element.value; choose(); } },
      all && h("option", { value: "" }, all), values.map((v) => (Array.isArray(v) ? h("option", { value: v[0] }, v[1]) : h("option", { value: v }, v))));
    return { name, element, box: h("div", {}, h("label", { for: element.id }, label), element) };
  };
  const kinds = ["table", "database", "location", "tag", "catalog"].filter((k) => model.objects.some((o) => o.kind === k));
  const selects = [
    select("principal", "Principal", [...model.principals].sort(byName).map((p) => [p.id, p.name])),
    select("domain", "Domain", distinct(model.objects.map((o) => o.domain))),
    select("product", "Product", distinct(model.objects.map((o) => o.owner))),
    select("level", "Level", [...model.levelNames].reverse()),
    select("right", "Right", distinct(model.rows.flatMap((r) => r.rights.map((x) => x.name)))),
    select("kind", "Rights on", [["table", "tables"], ...kinds.filter((k) => k !== "table").map((k) => [k, k === "database" ? "databases" : k === "location" ? "locations" : k === "tag" ? "tags" : "catalogs"]), ["any", "anything"]], ""),
    select("by", "Lines", [["product", "products"], ["table", "tables"]], ""),
  ];
  const toggle = (view, label) => h("button", { type: "button", "data-view": view, "aria-pressed": "false", onclick: () => { state.view = view; choose(); } }, label);
  const views = [toggle("matrix", "Matrix"), toggle("list", "List")];
  const reset = h("button", { type: "button", onclick: () => { Object.assign(state, defaults, { view: state.view }); choose(); field.focus(); } }, "Show all");
  const result = h("p", { class: "result" });
  const legend = h("p", { class: "legend" }, "A cell has the most sensitive level seen and how many columns of how many. ",
    h("abbr", { title: "only some rows" }, "rows"), ": only some rows; ", h("abbr", { title: "may write" }, "write"), ": may change data or table; ",
    h("abbr", { title: "may grant it on" }, "grant"), ": may pass it on; ", h("abbr", { title: "metadata only" }, "meta"), ": metadata only.");
  const grid = h("table", { class: "matrix", role: "grid", "aria-label": "Access by product and principal" });
  const box = h("div", { class: "scroll grid" }, grid);
  const pager = (label, turn) => {
    const before = h("button", { type: "button", onclick: () => turn(-1) }, "Previous"), after = h("button", { type: "button", onclick: () => turn(1) }, "Next"), at = h("span");
    return { before, after, at, element: h("nav", { class: "pages", "aria-label": label }, before, at, after) };
  };
  const lines = pager("Pages of lines", (by) => { first += by * LINES; firstAcross = 0; draw(); ui.say(lines.at.textContent); });
  const across = pager("Pages of principals", (by) => { firstAcross += by * ACROSS; draw(); ui.say(across.at.textContent); });

  // The list, which is also what is printed.
  const rightsText = (row) => row.rights.map((r) => r.name + (r.grantable ? " (may grant it on)" : "")).join(", ");
  const rowsText = (row) => {
    const of = new Set(row.sight.map((g) => g.rows.join(" or ")));
    return of.size === 0 ? "" : of.size === 1 ? [...of][0] : [...of].map((c) => c || "every row of some columns").join("; ");
  };
  const list = ui.table({
    id: "access-list", caption: "Access", none: "", rows: [],
    columns: [
      { title: "Principal", order: (r) => r.principal.name.toLowerCase(), cell: (r) => page.principal(r.principal) },
      { title: "On", wide: true, order: (r) => r.object.owner + "/" + r.object.name, cell: (r) => [r.object.owner && h("div", {}, h("strong", {}, r.object.owner)), h("a", { href: link("access", { cell: page.cellOf(r) }) }, r.object.name)] },
      { title: "Sees", cell: (r) => [h("div", { class: "chips" }, model.levels(r).map((l) => chip(l.level, `${l.level} ${l.seen ? l.seen + "/" + l.total : "to come"}`))), rowsText(r) && h("code", {}, rowsText(r))] },
      { title: "Rights", cell: rightsText },
      { title: "For", cell: (r) => [r.subscriptions.map((s) => h("div", {}, `${s.purpose}, approved by ${s.approver}, until ${s.lastDay}`)), r.readFor.length > 0 && h("div", {}, "makes " + r.readFor.join(", "))] },
      { title: "Why", cell: (r) => {
        const paths = model.why(r).paths.filter((p) => p.way === "granted");
        return paths.length > 0 && h("details", {}, h("summary", {}, count(paths.length, "path")), paths.map((p) => page.path(p.steps.map((s) => s.text))));
      } },
    ],
  });

  // choose applies what is asked.
  const choose = () => {
    find();
    first = firstAcross = 0;
    active = [0, 0];
    remember();
    draw();
    ui.say(`${count(groups.length, state.by === "product" ? "line" : "table")}, ${count(chosen.length, "row")}`);
  };
  let asked = false;
  const find = () => {
    asked = true;
    const has = search(state.q);
    chosen = model.rows.filter((r) => (state.kind === "any" || r.object.kind === state.kind)
      && (!state.principal || r.principal.id === state.principal) && (!state.domain || r.object.domain === state.domain)
      && (!state.product || r.object.owner === state.product) && (!state.right || r.rights.some((x) => x.name === state.right))
      && (!state.level || model.levels(r).some((l) => l.level === state.level)) && has(r));
    const made = new Map();
    for (const row of chosen) {
      const key = page.groupOf(row.object, state.by);
      let group = made.get(key);
      if (!group) made.set(key, group = { key, object: row.object, rows: [], cells: new Map() });
      group.rows.push(row);
      const cell = group.cells.get(row.principal.index);
      if (cell) cell.push(row);
      else group.cells.set(row.principal.index, [row]);
    }
    // Products first, then what belongs to none, each by name.
    const title = (g) => (g.object.owner ? "0" + g.object.owner : "1") + g.key;
    groups = [...made.values()].map((g) => [title(g), g]).sort((a, b) => compare(a[0], b[0])).map(([, g]) => g);
  };
  const remember = () => {
    const asked = Object.fromEntries(Object.entries(state).filter(([name, value]) => value !== defaults[name]));
    ui.remember("access", asked);
  };

  // cellContent says the most sensitive level and what is special.
  const writes = new Set(["INSERT", "DELETE", "ALTER", "DROP", "ALL", "CREATE_TABLE"]);
  const cellContent = (rows) => {
    let level = "", seen = 0, total = 0, coming = false, some = false, write = false, grants = false;
    for (const row of rows) {
      for (const l of model.levels(row)) {
        seen += l.seen;
        if (!level || model.rank.get(l.level) > model.rank.get(level)) level = l.level;
      }
      coming ||= row.inherited !== "" && row.sight.length === 0;
      if (row.sight.length > 0) total += row.object.totals.reduce((a, b) => a + b, 0);
      some ||= row.sight.some((g) => g.rows.length > 0);
      write ||= row.rights.some((r) => writes.has(r.name));
      grants ||= row.rights.some((r) => r.grantable);
    }
    const marks = [some && "rows", write && "write", grants && "grant", !level && !write && (rows[0].object.kind === "table" ? "meta" : "rights")].filter(Boolean);
    return [level && chip(level, level === "deidentified" ? "deid." : level), level && h("span", { class: "of" }, coming && seen === 0 ? "to come" : seen + "/" + total), marks.length > 0 && h("span", { class: "marks" }, marks.join(" "))];
  };

  const draw = () => {
    field.value = state.q;
    for (const s of selects) s.element.value = state[s.name];
    for (const v of views) v.setAttribute("aria-pressed", String(v.dataset.view === state.view));
    const matrix = state.view === "matrix";
    result.textContent = chosen.length === 0 ? (model.rows.length === 0 ? (model.caveats.length > 0 ? "No grant is known; see the overview for what is not known." : "Nobody is granted anything.") : "Nobody holds what is asked for.")
      : `${count(groups.length, state.by === "product" ? "product or table" : "table", state.by === "product" ? "products or tables" : "tables")}, ${count(new Set(chosen.map((r) => r.principal.index)).size, "principal")}, ${count(chosen.length, "row")}` + (chosen.length < model.rows.length ? ` of ${model.rows.length.toLocaleString("en-US")}` : "");
    box.hidden = !matrix || chosen.length === 0;
    legend.hidden = box.hidden;
    list.element.hidden = matrix || chosen.length === 0;
    if (!matrix) list.set(chosen);
    drawGrid(matrix);
  };

  const drawGrid = (matrix) => {
    const shown = groups.slice(first, first + LINES);
    const present = new Set();
    for (const g of shown) for (const p of g.cells.keys()) present.add(p);
    const everyone = [...present].map((i) => model.principals[i]).sort(byName);
    columns = everyone.slice(firstAcross, firstAcross + ACROSS);
    paging(lines, first, LINES, groups.length, "lines", matrix);
    paging(across, firstAcross, ACROSS, everyone.length, "principals of these lines", matrix);
    if (!matrix) return grid.replaceChildren();
    const head = h("thead", {}, h("tr", { "aria-rowindex": 1 }, h("th", { scope: "col", class: "corner" }, state.by === "product" ? "Product or table" : "Table"),
      columns.map((p) => h("th", { scope: "col", class: "who", title: p.id }, h("span", {}, p.name)))));
    const body = h("tbody", {}, shown.map((g, y) => h("tr", { "aria-rowindex": first + y + 2 }, h("th", { scope: "row", title: g.object.place }, lineName(g)),
      columns.map((p, x) => {
        const rows = g.cells.get(p.index);
        return h("td", { tabindex: y === active[0] && x === active[1] ? 0 : -1, class: rows ? "has" : "none", "data-y": y, "data-x": x }, rows ? cellContent(rows) : h("span", { class: "unseen" }, "nothing"));
      }))));
    grid.setAttribute("aria-rowcount", groups.length + 1);
    grid.setAttribute("aria-colcount", columns.length + 1);
    grid.replaceChildren(head, body);
  };
  const lineName = (g) => (state.by === "product" && g.object.owner ? [h("span", { class: "domain" }, g.object.domain + "."), g.object.product]
    : [g.object.name, g.object.owner && h("span", { class: "domain block" }, g.object.owner)]);
  const paging = (p, start, size, total, noun, matrix) => {
    p.element.hidden = !matrix || total <= size;
    p.before.disabled = start === 0;
    p.after.disabled = start + size >= total;
    p.at.textContent = `${noun} ${(start + 1).toLocaleString("en-US")} to ${Math.min(start + size, total).toLocaleString("en-US")} of ${total.toLocaleString("en-US")}`;
  };

  // The keyboard: arrows, Home and End, with Control to the ends, Enter opens.
  const cellAt = (y, x) => grid.querySelector(`td[data-y="${y}"][data-x="${x}"]`);
  const move = (y, x) => {
    const last = Math.min(LINES, groups.length - first) - 1;
    y = Math.max(0, Math.min(last, y));
    x = Math.max(0, Math.min(columns.length - 1, x));
    cellAt(...active)?.setAttribute("tabindex", "-1");
    active = [y, x];
    const cell = cellAt(y, x);
    cell?.setAttribute("tabindex", "0");
    cell?.focus();
  };
  grid.addEventListener("keydown", (event) => {
    const td = event.target.closest("td");
    if (!td) return;
    const [y, x] = [Number(td.dataset.y), Number(td.dataset.x)];
    const to = {
      ArrowUp: [y - 1, x], ArrowDown: [y + 1, x], ArrowLeft: [y, x - 1], ArrowRight: [y, x + 1], PageUp: [y - 10, x], PageDown: [y + 10, x],
      Home: [event.ctrlKey ? 0 : y, 0], End: [event.ctrlKey ? Infinity : y, Infinity],
    }[event.key];
    if (to) move(...to);
    else if (event.key === "Enter" || event.key === " ") openAt(y, x);
    else return;
    event.preventDefault();
  });
  grid.addEventListener("click", (event) => {
    const td = event.target.closest("td");
    if (!td) return;
    move(Number(td.dataset.y), Number(td.dataset.x));
    openAt(...active);
  });
  const openAt = (y, x) => {
    state.cell = columns[x].id + "|" + groups[first + y].key;
    remember();
    show();
  };

  // The cell.
  const dialog = h("dialog", { class: "cell", "aria-labelledby": "cell-title" });
  dialog.addEventListener("close", () => {
    state.cell = "";
    remember();
    cellAt(...active)?.focus();
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  const show = () => {
    const at = state.cell.indexOf("|");
    const id = state.cell.slice(0, at), key = state.cell.slice(at + 1);
    const principal = model.principals.find((p) => p.id === id);
    const rows = model.rows.filter((r) => r.principal.id === id && (page.groupOf(r.object, "product") === key || page.groupOf(r.object, "table") === key));
    const name = key.split("/").slice(2).join("/"), where = key.split("/").slice(0, 2).join("/");
    dialog.replaceChildren(...[
      h("header", {}, h("h2", { id: "cell-title", tabindex: "-1" }, principal?.name ?? id, h("span", { class: "arrow", "aria-hidden": "true" }, " → "), h("span", { class: "unseen" }, " on "), name), h("button", { type: "button", onclick: () => dialog.close() }, "Close")),
      h("p", { class: "identifier" }, id, h("br"), "in " + where),
      rows.length === 0 ? h("p", {}, "Lake Formation grants nothing here, as far as is known. Ways around it are in a section of their own.") : null,
      ...rows.map(rowDetail),
      aroundDetail(id, rows),
    ].filter(Boolean));
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    dialog.querySelector("h2").focus();
  };
  const open = (parameters) => {
    Object.assign(state, defaults, Object.fromEntries([...parameters].filter(([name]) => name in defaults)));
    if (innerWidth < 700 && !parameters.has("view")) state.view = "list";
    const cell = state.cell;
    choose();
    if (cell) show();
    else if (dialog.open) dialog.close();
  };

  ui.append(root, [
    h("div", { class: "controls" }, h("div", {}, h("label", { for: field.id }, "Search"), field), selects.map((s) => s.box),
      h("div", { class: "views", role: "group", "aria-label": "Show as" }, views), reset),
    result, legend, across.element, box, lines.element, list.element, dialog,
  ]);
  return {
    open,
    print: () => {
      const hidden = [box.hidden, list.element.hidden, legend.hidden];
      if (!asked) find();
      list.set(chosen);
      const undo = list.print();
      [box.hidden, list.element.hidden, legend.hidden] = [true, false, true];
      return () => { undo(); [box.hidden, list.element.hidden, legend.hidden] = hidden; };
    },
  };
});

// rowDetail is what a principal holds on one table, database, location, tag or catalog.
const rowDetail = (row) => {
  const { paths, missing, unknown } = model.why(row);
  const seen = new Map();
  for (const g of row.sight) for (const c of g.columns) seen.set(c, g);
  return h("section", { class: "row" },
    h("h3", {}, row.object.name),
    h("p", { class: "facts" }, "May ", row.rights.map((r, i) => [i > 0 && ", ", h("span", { class: "right" }, r.name), r.grantable && " (and grant it on)"]), "."),
    row.inherited && h("p", {}, "Columns that are still to come count as ", chip(row.inherited), "."),
    row.subscriptions.map((s) => h("p", { class: "facts" }, "Until ", h("strong", {}, s.lastDay), " for ", h("q", {}, s.purpose), ", approved by ", s.approver, ".")),
    row.subscriptions.length > 0 && row.otherwise && h("p", { class: "facts" }, "Some of this stays when all of these have ended."),
    row.readFor.length > 0 && h("p", { class: "facts" }, "It makes " + row.readFor.join(", ") + " of it."),
    paths.length > 0 && [h("h4", {}, "Why"), paths.map(pathDetail)],
    row.object.columns.length > 0 && row.sight.length > 0 && [h("h4", {}, `Columns: ${seen.size} of ${row.object.columns.length} seen`), h("table", { class: "data" }, h("caption", {}, "Columns of " + row.object.name),
      h("thead", {}, h("tr", {}, ["Column", "Type", "Level", "Seen in"].map((t) => h("th", { scope: "col" }, t)))),
      h("tbody", {}, row.object.columns.map((c, i) => h("tr", { class: !seen.has(i) && "unseencolumn" }, h("th", { scope: "row" }, h("code", {}, c.name)), h("td", {}, h("code", {}, c.type)), h("td", {}, chip(c.level)),
        h("td", {}, !seen.has(i) ? "not seen" : seen.get(i).rows.length === 0 ? "every row" : ["rows where ", h("code", {}, seen.get(i).rows.join(" or "))], seen.get(i)?.grantable && ", may grant it on")))))],
    missing.length > 0 && h("details", {}, h("summary", {}, "What does not give it the rest"), missing.map(pathDetail)),
    unknown.length > 0 && h("details", {}, h("summary", {}, "What was not read and may bear on it"), h("ul", {}, unknown.map((u) => h("li", {}, u)))));
};

const ways = { granted: "Granted by Lake Formation", open: "Open: IAM decides", around: "Around Lake Formation", as: "As another principal", canGrant: "It can grant" };
const pathDetail = (path) => h("div", { class: "why" },
  h("div", { class: "way" }, ways[path.way] ?? path.way, !path.certain && h("span", { class: "maybe" }, "maybe"),
    path.columns.length > 0 && h("span", { class: "quiet" }, ": ", page.few(path.columns))),
  h("ol", {}, path.steps.map((s) => h("li", {}, h("span", { class: "step" }, s.kind), " ", s.text))),
  path.rows.length > 0 && h("p", {}, "Rows where ", h("code", {}, path.rows.join(" or "))));

// aroundDetail are the ways around of a principal to the files of the same tables.
const aroundDetail = (id, rows) => {
  const names = new Set(rows.map((r) => r.object.name));
  const found = model.bypasses.filter((b) => b.principal.id === id && b.tables.some((t) => names.has(t)));
  return found.length > 0 && h("section", { class: "row" }, h("h3", {}, "Past Lake Formation"),
    found.map((b) => h("div", { class: "why" }, h("p", { class: "way" }, "It can " + b.can.join(", ") + " the files", !b.certain && h("span", { class: "maybe" }, "maybe")), page.path(b.path))));
};
