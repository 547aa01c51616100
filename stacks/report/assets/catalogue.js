// The catalogue: all products with a search over names, columns and words, and one product in full.

const PAGE = 50;
const PRINTED = 100; // products that are printed in full at most

page.section("catalogue", (root, ui) => {
  const { h, append, chip, count, say } = ui;
  const { words: spelled, products } = ui.data("catalogue");
  for (const t of products.flatMap((p) => p.tables)) {
    t.columns = t.columns.map(([name, type, level, more]) => ({ ...more, name, type: spelled[type], level: spelled[level] }));
  }
  const nameOf = (p) => (p.domain ? p.domain + "." : "") + p.name;
  const byName = new Map();
  for (const p of products) if (!byName.has(nameOf(p))) byName.set(nameOf(p), p);
  const columns = (p) => p.tables.flatMap((t) => t.columns);

  // What is searched: names and words of products and tables, and columns on their own.
  const lower = (...texts) => texts.filter(Boolean).join("\n").toLowerCase();
  const searched = products.map((p) => ({
    product: p,
    text: lower(nameOf(p), p.owner, p.purpose, p.usage, p.status, ...(p.tags ?? []), ...(p.lfTags ?? []), ...p.tables.flatMap((t) => [t.database + "." + t.name, t.title, t.description])),
    columns: columns(p).map((c) => ({ name: c.name, text: lower(c.name, c.description, c.identifier, c.type) })),
  }));

  const field = h("input", { type: "search", id: "catalogue-search", autocomplete: "off", spellcheck: "false", oninput: () => find() });
  const choice = (name, values) => h("select", { id: "catalogue-" + name, onchange: () => find() }, h("option", { value: "" }, "all"), [...new Set(values)].filter(Boolean).sort().map((v) => h("option", { value: v }, v)));
  const domain = choice("domain", products.map((p) => p.domain)), level = choice("level", products.map((p) => p.level)), status = choice("status", products.map((p) => p.status));
  const result = h("p", { class: "result" });
  const list = h("ul", { class: "catalogue-list" });
  const more = h("button", { type: "button", onclick: () => { const from = list.childElementCount; draw(from + PAGE); list.children[from]?.querySelector("a").focus(); } }, "Show more");
  let found = [];

  // find chooses the products that have every word, in what is said of them or in a column.
  const find = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    found = [];
    for (const s of searched) {
      const p = s.product;
      if ((domain.value && p.domain !== domain.value) || (level.value && p.level !== level.value) || (status.value && p.status !== status.value)) continue;
      const left = words.filter((w) => !s.text.includes(w));
      const hits = words.length > 0 ? s.columns.filter((c) => (left.length > 0 ? left : words).every((w) => c.text.includes(w))) : [];
      if (left.length === 0 || hits.length > 0) found.push({ product: p, hits: [...new Set(hits.map((c) => c.name))] });
    }
    draw(PAGE);
    say(count(found.length, "product"));
  };
  const draw = (most) => {
    list.replaceChildren(...found.slice(0, most).map(({ product: p, hits }) => h("li", {},
      h("div", {}, h("a", { href: ui.link("catalogue", { product: nameOf(p) }) }, nameOf(p)), " ", p.level && chip(p.level), " ", p.status && p.status !== "active" && h("span", { class: "quiet" }, p.status)),
      p.purpose && h("div", {}, p.purpose),
      h("div", { class: "quiet" }, [p.owner && p.owner + " · ", count(p.tables.length, "table"), ", ", count(columns(p).length, "column"), p.readers && ", " + count(new Set(p.readers.flatMap((r) => r.principals)).size, "reader")]),
      hits.length > 0 && h("div", {}, hits.length === 1 ? "Column " : "Columns ", h("code", {}, hits.slice(0, 8).join(", ")), hits.length > 8 && ` and ${hits.length - 8} more`))));
    more.hidden = found.length <= most;
    result.textContent = products.length === 0 ? "There are no tables in the templates." : found.length === products.length ? count(products.length, "product") : `${count(found.length, "product")} of ${products.length.toLocaleString("en-US")}`;
  };

  const names = (list) => list.map((n) => h("code", {}, n)).flatMap((e, i) => (i > 0 ? [", ", e] : [e]));
  const facts = (all) => h("dl", { class: "catalogue-facts" }, all.filter(([, text]) => text && text.length !== 0).map(([name, text]) => h("div", {}, h("dt", {}, name), h("dd", {}, text))));
  const table = (caption, heads, rows) => h("div", { class: "scroll", role: "region", "aria-label": caption, tabindex: "0" },
    h("table", { class: "data" }, h("caption", {}, caption), h("thead", {}, h("tr", {}, heads.map((t) => h("th", { scope: "col" }, t)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, i) => (i === 0 ? h("th", { scope: "row" }, cell) : h("td", {}, cell))))))));

  const columnRow = (c) => [
    h("code", {}, c.name), h("code", {}, c.type), [c.level && chip(c.level), c.classified && h("div", { class: "quiet" }, "classified " + c.classified)],
    [c.description && h("div", {}, c.description),
      c.values && h("div", {}, "One of ", names(c.values)), c.examples && h("div", { class: "quiet" }, "For example ", names(c.examples)),
      (c.from || c.method) && h("div", { class: "quiet" }, "Made ", c.from ? ["of ", names(c.from)] : "of nothing", c.method && ` by ${c.method}`)],
    [c.key && `key ${c.key}`, c.partition && `partition ${c.partition}`, c.required && "required", c.unique && "unique", c.identifier && "identifier: " + c.identifier.replaceAll("_", " ")]
      .filter(Boolean).map((text) => h("div", {}, text)),
  ];
  const query = (q, of) => {
    const copy = navigator.clipboard && h("button", { type: "button", class: "noprint", onclick: () => navigator.clipboard.writeText(q.sql).then(() => say("copied"), () => say("the browser lets nothing be copied")) }, "Copy");
    return h("div", { class: "query" }, h("p", {}, q.title, " ", copy), h("pre", { tabindex: "0", role: "region", "aria-label": `${of}: ${q.title}` }, q.sql));
  };
  const source = (s) => h("li", {}, byName.has(s.product) ? h("a", { href: ui.link("catalogue", { product: s.product }) }, s.name) : h("code", {}, s.name),
    s.columns && ` (${count(s.columns, "column")})`, s.purpose && `: ${s.purpose}`, s.until && h("span", { class: "quiet" }, ` until ${s.until}`));

  const tablePart = (t) => h("section", { class: "catalogue-table", "aria-label": t.database + "." + t.name },
    h("h3", {}, t.title ? `${t.title} ` : "", h("code", {}, t.database + "." + t.name)),
    t.description && h("p", {}, t.description),
    facts([["Rows", t.how], ["Format", t.format], ["Kept", t.kept], ["Not followed", t.unfollowed?.join("; ")]]),
    t.from && [h("h4", {}, "Made of"), h("ul", {}, t.from.map(source))],
    h("h4", {}, "Columns"),
    t.columns.length > 0 ? table(`Columns of ${t.database}.${t.name}`, ["Column", "Type", "Level", "What it holds", "Notes"], t.columns.map(columnRow)) : h("p", {}, "Its columns are not known."),
    t.rules && [h("h4", {}, "Quality"), h("ul", {}, t.rules.map((r) => h("li", {}, r.column && [h("code", {}, r.column), ": "], r.text,
      r.check && h("span", { class: "quiet" }, " " + r.check), h("span", { class: "quiet" }, [r.severity, r.dimension].filter(Boolean).map((text) => " · " + text), r.unmeasured && " · " + r.unmeasured))))],
    t.queries && [h("h4", {}, "Queries to begin with"), t.queries.map((q) => query(q, t.database + "." + t.name))]);

  const reader = (r) => [
    [(r.domain ? r.domain + ": " : "") + r.principals.join(", "), r.ended && h("div", {}, h("strong", {}, "ended"))],
    [h("div", { class: "chips" }, r.levels.map((l) => chip(l))), r.columns && h("div", {}, "only ", names(r.columns)), r.except && h("div", {}, "without ", names(r.except)), r.tags && h("div", { class: "quiet" }, r.tags.join("; "))],
    r.rows ? h("code", {}, r.rows) : "all rows", r.purpose || "", r.approver || "", h("span", { class: "date" }, r.until || "no end"),
  ];
  const article = (p) => [
    h("h2", { tabindex: "-1" }, nameOf(p), " ", p.level && chip(p.level)),
    p.purpose && h("p", {}, p.purpose),
    h("p", { class: "noprint" }, ui.has("map") && h("a", { href: ui.link("map", { at: p.status || p.version ? nameOf(p) : p.domain || p.tables[0]?.database }) }, "On the map"),
      ui.has("access") && [" · ", h("a", { href: ui.link("access", { product: nameOf(p) }) }, "Who sees it")]),
    facts([["Owner", p.owner], ["Team", p.team?.map((m) => h("div", {}, m))], ["Version", p.version && [p.version, p.status].filter(Boolean).join(", ")], ["Zone", p.zone], ["Account", `${p.account} · ${p.region}`],
      ["LF-Tags", p.lfTags?.join(", ")], ["Tags", p.tags?.join(", ")]]),
    (p.usage || p.limitations) && [h("h3", {}, "Terms"), facts([["How it is meant to be used", p.usage], ["What it is not for", p.limitations]])],
    p.promises && [h("h3", {}, "Promises"), h("ul", {}, p.promises.map((text) => h("li", {}, text)))],
    h("h3", {}, "Who reads it"),
    p.readers ? table(`Readers of ${nameOf(p)}`, ["Who", "Sees", "Rows", "Purpose", "Approved by", "Until"], p.readers.map(reader)) : h("p", {}, "Nobody is subscribed."),
    p.tables.map(tablePart),
  ];

  const controls = h("div", { class: "controls" },
    h("div", {}, h("label", { for: "catalogue-search" }, "Search products, tables and columns"), field),
    [[domain, "Domain"], [level, "Level"], [status, "Status"]].map(([select, label]) => select.options.length > 2 && h("div", {}, h("label", { for: select.id }, label), select)));
  const index = h("div", {}, products.length > 0 && controls, result, list, h("p", {}, more));
  const one = h("article", { class: "catalogue-product", hidden: true });
  const paper = h("div", { hidden: true });
  append(root, [index, one, paper]);
  ui.badge("catalogue", products.length);
  find();
  return {
    open: (parameters) => {
      const p = byName.get(parameters.get("product"));
      index.hidden = Boolean(p);
      one.hidden = !p;
      if (p) {
        const moved = one.childElementCount > 0 || parameters.has("product");
        one.replaceChildren();
        append(one, [h("p", { class: "noprint" }, h("a", { href: ui.link("catalogue") }, "All products")), article(p)]);
        if (moved) one.querySelector("h2").focus({ preventScroll: true });
        scrollTo(0, 0);
      } else if (parameters.has("search") || parameters.has("domain")) {
        field.value = parameters.get("search") ?? "";
        domain.value = parameters.get("domain") ?? "";
        find();
      }
    },
    print: () => {
      const were = [index.hidden, one.hidden];
      if (products.length > PRINTED) {
        draw(found.length);
        return () => draw(PAGE);
      }
      append(paper, products.map((p) => h("article", { class: "catalogue-product" }, article(p))));
      index.hidden = one.hidden = true;
      paper.hidden = false;
      return () => {
        [index.hidden, one.hidden] = were;
        paper.replaceChildren();
        paper.hidden = true;
      };
    },
  };
});
