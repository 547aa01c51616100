// Who can grant.

page.section("grantors", (root, { h, table, append }) => {
  const { model } = page;
  const made = table({
    id: "grantors", caption: "Who can give access", noun: "way", none: "Nobody is known to be able to grant anything.", rows: model.grantors,
    search: "Principal, product, table or what is given",
    filters: [{ name: "certain", label: "Certain", of: (g) => [g.certain ? "certain" : "maybe"] }],
    columns: [
      { title: "Principal", text: (g) => g.principal.name + "\n" + g.principal.id, order: (g) => g.principal.name.toLowerCase(), cell: (g) => page.principal(g.principal) },
      { title: "Can give", text: (g) => g.what, cell: (g) => [g.what, !g.certain && h("span", { class: "maybe" }, "maybe")] },
      { title: "Of", text: (g) => [g.domain, g.product, g.table].join(" "), cell: (g) => [[g.domain, g.product].filter(Boolean).join("."), g.table && h("div", {}, g.table)] },
      { title: "In", text: (g) => g.place, cell: (g) => g.place },
      { title: "By", text: (g) => g.path.join("\n"), cell: (g) => page.path(g.path) },
    ],
  });
  append(root, [made.element]);
  return { open: (parameters) => { if (parameters.size > 0) made.choose({ search: parameters.get("q") ?? "" }); }, print: made.print };
});
