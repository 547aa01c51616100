// Ways around Lake Formation.

page.section("around", (root, { h, table, chip, append }) => {
  const { model } = page;
  const made = table({
    id: "around", caption: "Ways around Lake Formation", noun: "way", none: "No way around Lake Formation is known.", rows: model.bypasses,
    search: "Principal, table, product or place",
    filters: [
      { name: "can", label: "Can", of: (b) => b.can },
      { name: "level", label: "Level", of: (b) => (b.tables.length === 0 ? ["no table shows them"] : b.levels) },
      { name: "certain", label: "Certain", of: (b) => [b.certain ? "certain" : "maybe"] },
    ],
    columns: [
      { title: "Principal", text: (b) => b.principal.name + "\n" + b.principal.id, order: (b) => b.principal.name.toLowerCase(), cell: (b) => page.principal(b.principal) },
      { title: "Can", text: (b) => b.can.join(", "), cell: (b) => [b.can.join(", "), !b.certain && h("span", { class: "maybe" }, "maybe")] },
      { title: "Files of", wide: true, text: (b) => b.products.join(" ") + "\n" + b.tables.join(" ") + "\n" + b.domain + "\n" + b.levels.join(" "), cell: (b) => [
        h("div", { class: "chips" }, b.levels.map((l) => chip(l))),
        b.products.length > 0 && h("strong", {}, b.products.join(", ")),
        h("div", {}, b.tables.length > 0 ? page.few(b.tables) : (b.domain + " no table shows them: anything may be in them").trim())] },
      { title: "In", text: (b) => b.location, cell: (b) => h("code", {}, "s3://" + b.location.slice(b.location.lastIndexOf(":") + 1)) },
      { title: "By", text: (b) => b.path.join("\n"), cell: (b) => page.path(b.path) },
    ],
  });
  append(root, [made.element]);
  return { open: (parameters) => { if (parameters.size > 0) made.choose({ search: parameters.get("q") ?? "" }); }, print: made.print };
});
