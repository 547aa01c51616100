// Overview: what nobody knows first, then figures.

page.section("overview", (root, ui) => {
  const { h, count, chip, link, append } = ui;
  const { model } = page;
  const sees = new Set(model.rows.filter((r) => r.sight.length > 0 || r.inherited).map((r) => r.principal.id));
  const products = new Set(model.objects.filter((o) => o.owner).map((o) => o.owner));
  const certain = model.bypasses.filter((b) => b.certain).length;

  const doubts = [
    ...model.caveats,
    model.bypasses.length > certain && [h("a", { href: link("around") }, `${count(model.bypasses.length - certain, "way")} around Lake Formation`), " that something outside the templates may or may not open"],
    model.grantors.some((g) => !g.certain) && [h("a", { href: link("grantors") }, `${count(model.grantors.filter((g) => !g.certain).length, "way")} to give access`), " that something outside the templates may or may not open"],
  ].filter(Boolean);
  const unknown = doubts.length > 0
    ? h("div", { class: "warning" },
      h("h2", {}, "What is not known"),
      h("p", {}, "Somebody may see more than the rows of this page say, because of:"),
      h("ul", {}, doubts.map((doubt) => h("li", {}, doubt))),
      model.notes.length > 0 && h("p", {}, "Beside this the notes below say what to know of the rows."))
    : h("div", { class: "settled" }, h("h2", {}, "Nothing was left unread"), h("p", {}, "Everything in the templates that grants, tags or opens tables could be read."));

  const figure = (n, label, fragment, detail) => h("div", { class: "figure" },
    h("dt", {}, fragment ? h("a", { href: fragment }, label) : label),
    h("dd", {}, n.toLocaleString("en-US"), detail && h("span", { class: "quiet" }, " " + detail)));
  const figures = h("dl", { class: "figures" },
    figure(model.principals.length, "principals with rights", link("access"), `${sees.size.toLocaleString("en-US")} see data`),
    figure(products.size, "products granted", link("access")),
    figure(model.tables, "tables", null, "in " + count(model.catalogs, "catalog")),
    figure(page.phi.principals(), "can see phi", link("phi"), "by a grant"),
    figure(model.subscriptions.length, "subscriptions", link("ending")),
    figure(model.bypasses.length, "ways around Lake Formation", link("around"), `${certain.toLocaleString("en-US")} certain`),
    figure(model.grantors.length, "ways to give access", link("grantors")),
    figure(model.admins.filter((a) => !a.readOnly).length, "administrators", null, "over all catalogs"));

  const byLevel = model.levelNames.map((level, i) => {
    const who = new Set();
    for (const row of model.rows) if (model.levels(row).some((l) => l.level === level)) who.add(row.principal.id);
    return { level, columns: model.columnCounts[i], principals: who.size };
  }).filter((l) => l.columns > 0 || l.principals > 0).reverse();
  const levels = h("table", { class: "data small" }, h("caption", {}, "Columns and principals by level"),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Level"), h("th", { scope: "col", class: "number" }, "Columns"), h("th", { scope: "col", class: "number" }, "Principals who see some"))),
    h("tbody", {}, byLevel.map((l) => h("tr", {}, h("th", { scope: "row" }, chip(l.level)), h("td", { class: "number" }, l.columns.toLocaleString("en-US")),
      h("td", { class: "number" }, l.principals ? h("a", { href: link("access", { level: l.level }) }, l.principals.toLocaleString("en-US")) : "0")))));

  const notes = model.notes.map((note) => {
    const found = /^([^\s:]+\/[^\s:]+): (.*)$/s.exec(note) ?? /^(unresolved): (.*)$/s.exec(note);
    return found ? { where: found[1], note: found[2] } : { where: "", note };
  });
  const table = ui.table({
    id: "notes", caption: "Notes", noun: "note", none: "There are no notes.", rows: notes, search: "Search in the notes",
    columns: [
      { title: "Catalog", narrow: true, text: (n) => n.where, cell: (n) => n.where || "all" },
      { title: "Note", text: (n) => n.note, cell: (n) => n.note },
    ],
  });

  append(root, [
    unknown, figures,
    h("h2", {}, "By level"), levels,
    h("h2", {}, "What this page does not say"), h("p", { class: "measure" }, model.scope.replace("which --bypasses lists", "which stand under Ways around")),
    h("h2", {}, "Notes"), table.element,
  ]);
  return { print: table.print };
});
