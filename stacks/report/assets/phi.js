// Who sees phi: one row for each principal, object and way.

const { model, ui } = page;

// showsPhi are the columns of a row that count as phi.
const showsPhi = (row) => row.sight.flatMap((g) => g.columns.map((c) => row.object.columns[c])).filter((c) => model.critical(c.level));
const conditions = (row) => {
  const of = new Set();
  for (const g of row.sight) {
    if (g.columns.some((c) => model.critical(row.object.columns[c].level))) of.add(g.rows.length === 0 ? "" : g.rows.join(" or "));
  }
  return of.has("") || of.size === 0 ? "every row" : [...of].join(" or ");
};

const byWay = { granted: "grant", open: "open to IAM", as: "as another principal" };

let found;
const all = () => {
  if (found) return found;
  found = [];
  for (const row of model.rows) {
    const columns = showsPhi(row);
    if (columns.length === 0 && !(row.inherited && model.critical(row.inherited))) continue;
    const names = new Set(columns.map((c) => c.name));
    // Ways to the files are listed by the files, below.
    const paths = (way) => model.why(row).paths.filter((p) => p.way === way && (p.columns.length === 0 || p.columns.some((c) => names.has(c))));
    for (const [way, title] of Object.entries(byWay)) {
      if (way !== "granted" && paths(way).length === 0) continue;
      found.push({
        principal: row.principal, where: row.object.owner || row.object.place, object: row.object.name, way: title, certain: way === "granted" || paths(way).some((p) => p.certain), row,
        what: columns.length > 0 ? ui.count(columns.length, "column") : "every column to come", rows: conditions(row),
        paths: () => paths(way).map((p) => p.steps.map((s) => s.text)),
        columns: columns.map((c) => c.name),
      });
    }
  }
  for (const b of model.bypasses) {
    if (b.tables.length > 0 && !b.levels.some(model.critical)) continue;
    found.push({
      principal: b.principal, where: b.products.join(", ") || b.domain || b.place, object: b.tables.join(", ") || b.location, way: "around Lake Formation", certain: b.certain,
      what: "files: " + b.can.join(", "), rows: "every row", paths: () => [b.path], columns: [],
    });
  }
  for (const a of model.admins.filter((a) => !a.readOnly)) {
    found.push({
      principal: a.principal, where: a.place, object: "everything in the catalog", way: "administrator", certain: true,
      what: "can grant itself all", rows: "every row", columns: [], paths: () => [["administrator of Lake Formation"]],
    });
  }
  return found;
};

page.phi = { principals: () => new Set(all().filter((f) => f.way === "grant").map((f) => f.principal.id)).size };

page.section("phi", (root, { h, link, append }) => {
  const rows = all();
  const table = ui.table({
    id: "phi", caption: "Who sees phi", noun: "way", none: "Nobody is known to see phi.", rows,
    search: "Principal, product, table or column",
    filters: [{ name: "way", label: "Way", of: (f) => [f.way] }],
    columns: [
      { title: "Principal", text: (f) => f.principal.name + "\n" + f.principal.id, order: (f) => f.principal.name.toLowerCase(), cell: (f) => page.principal(f.principal) },
      { title: "Sees", wide: true, text: (f) => f.where + "\n" + f.object + "\n" + f.columns.join(" "), order: (f) => f.where + f.object, cell: (f) => [
        h("div", {}, h("strong", {}, f.where)), f.row ? h("a", { href: link("access", { cell: page.cellOf(f.row) }) }, f.object) : f.object,
        h("div", {}, f.what, f.rows !== "every row" && [", rows where ", h("code", {}, f.rows)])] },
      { title: "Way", text: (f) => f.way, cell: (f) => [f.way, !f.certain && h("span", { class: "maybe" }, "maybe")] },
      { title: "Path", cell: (f) => f.paths().map((p) => page.path(p)) },
    ],
  });
  append(root, [table.element]);
  return { open: (parameters) => { if (parameters.size > 0) table.choose({ search: parameters.get("q") ?? "", way: parameters.get("way") ?? "" }); }, print: table.print };
});
