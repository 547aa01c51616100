// What a change means, by kind and severity.

page.section("changes", (root, ui) => {
  const { h, append } = ui;
  const { base, head, kinds = [], findings = [] } = ui.data("changes");
  if (!base) {
    append(root, [h("p", {}, "This page was written without a base to compare with."),
      h("p", {}, "With one it says who gains and loses which columns and rows, which ways around Lake Formation are new, which protections become weaker, which promises to readers break, and what holds data and is replaced or deleted:"),
      h("pre", { class: "changes-command", tabindex: "0", role: "region", "aria-label": "Command" }, "lakemesh report --base origin/main -o site"),
      h("p", {}, "A base is a cloud assembly, a folder of templates, a template, or a revision of the repository.")]);
    return undefined;
  }
  const titles = new Map(kinds.map((k) => [k.id, k]));
  const names = { error: "errors", warning: "warnings", note: "notes" };
  ui.badge("changes", findings.length);
  append(root, [h("p", {}, "From ", h("code", {}, base), " to ", h("code", {}, head), ": ",
    findings.length === 0 ? "nothing differs in who can see what, in promises, protections and what holds data. That does not say that the templates are equal."
      : Object.entries(names).map(([severity, many]) => [findings.filter((f) => f.severity === severity).length, severity, many]).filter(([n]) => n > 0).map(([n, one, many]) => ui.count(n, one, many)).join(", ") + ".")]);
  if (findings.length === 0) return undefined;
  append(root, [h("dl", { class: "changes-kinds" }, kinds.map((k) => h("div", {}, h("dt", {}, `${k.title} (${findings.filter((f) => f.kind === k.id).length})`), h("dd", {}, k.text))))]);
  const where = (f) => [f.product && h("div", {}, ui.has("catalogue") ? h("a", { href: ui.link("catalogue", { product: f.product }) }, f.product) : f.product),
    f.table && h("code", {}, f.table), f.stack && h("div", { class: "quiet" }, "stack " + f.stack), f.place && h("div", { class: "quiet" }, f.place.line ? `${f.place.file}:${f.place.line}` : f.place.file)];
  const table = ui.table({
    id: "changes", caption: "What the change means", noun: "finding", none: "Nothing differs.", rows: findings, search: "Search findings",
    filters: [{ name: "severity", label: "Severity", of: (f) => f.severity }, { name: "kind", label: "About", of: (f) => titles.get(f.kind).title }],
    columns: [
      { title: "Severity", narrow: true, cell: (f) => h("span", { class: "severity " + f.severity }, f.severity), text: (f) => f.severity, order: (f) => Object.keys(names).indexOf(f.severity) },
      { title: "About", cell: (f) => titles.get(f.kind).title, text: (f) => titles.get(f.kind).title },
      { title: "What", cell: (f) => [h("div", {}, f.text + "."), f.reasons?.length > 0 && h("ul", { class: "quiet" }, f.reasons.map((text) => h("li", {}, text)))], text: (f) => [f.text, ...(f.reasons ?? [])].join("\n") },
      { title: "Where", cell: where, text: (f) => [f.product, f.table, f.stack, f.place?.file].filter(Boolean).join("\n") },
    ],
  });
  append(root, [h("div", { class: "changes-table" }, table.element)]);
  return { open: (parameters) => { if ([...parameters].length > 0) table.choose(Object.fromEntries(parameters)); }, print: table.print };
});
