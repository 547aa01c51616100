// The model: who can see what, out of the numbers that Go wrote.

const raw = page.ui.data("model");
const text = (n) => raw.texts[n];
const texts = (list) => (list ?? []).map(text);
const place = ([account, region]) => ({ account: text(account), region: text(region), place: text(account) + "/" + text(region) });

const rank = new Map(raw.levels.map((level, i) => [level, i]));
// critical levels count as phi: those that the ontology does not have, and none.
const critical = (level) => level === "phi" || (rank.get(level) ?? Infinity) > rank.get("phi");

const person = (n) => ({ id: text(n), name: raw.names[text(n)] ?? text(n) });
const principals = raw.principals.map((n, index) => ({ ...person(n), index }));
const people = new Map(principals.map((p) => [p.id, p]));
const personOf = (n) => people.get(text(n)) ?? { ...person(n), index: -1 };

const objects = raw.objects.map((o, index) => {
  const { account, region, place: where } = place(o.place);
  const [database, table] = texts(o.table);
  const domain = text(o.domain), product = text(o.product);
  return {
    index, account, region, place: where, database, table, domain, product, zone: text(o.zone), kind: text(o.kind), name: text(o.name),
    owner: domain && product ? domain + "." + product : "",
    columns: (o.columns ?? []).map(([name, type, level]) => ({ name: text(name), type: text(type), level: text(level) })),
    totals: o.levels ?? [],
  };
});

const rights = raw.rights.map((list) => list.map((n) => (n < 0 ? { name: text(-1 - n), grantable: true } : { name: text(n), grantable: false })));

// A sight is which columns of its object are seen: groups with the same rows.
const sights = raw.sights.map((groups) => groups.map((g) => {
  const columns = [];
  for (let i = 0; i < g.c.length; i += 2) for (let k = 0; k < g.c[i + 1]; k++) columns.push(g.c[i] + k);
  return { columns, rows: texts(g.r), grantable: g.g ?? false };
}));

const subscriptions = raw.subscriptions.map(([name, purpose, approver, lastDay]) =>
  ({ name: text(name), purpose: text(purpose), approver: text(approver), lastDay: text(lastDay), rows: [] }));

const rows = raw.rows.principal.map((principal, index) => {
  const r = raw.rows;
  const row = {
    index, principal: principals[principal], object: objects[r.object[index]], rights: rights[r.rights[index]], sightIndex: r.sight[index],
    sight: sights[r.sight[index]] ?? [], inherited: r.inherited[index] < 0 ? "" : text(r.inherited[index]), readFor: texts(r.readFor[index]),
    subscriptions: (r.subscriptions[index] ?? []).map((n) => subscriptions[n]), otherwise: r.otherwise[index] === 1,
  };
  for (const s of row.subscriptions) s.rows.push(row);
  return row;
});

// levels are the levels of columns that a row shows, the most sensitive first, with how many.
const counted = new Map(); // by object and sight
const levels = (row) => {
  const key = row.object.index + "/" + row.sightIndex + "/" + row.inherited;
  if (!counted.has(key)) {
    const seen = new Map();
    for (const g of row.sight) for (const c of g.columns) {
      const { level } = row.object.columns[c];
      seen.set(level, (seen.get(level) ?? 0) + 1);
    }
    if (row.inherited && !seen.has(row.inherited)) seen.set(row.inherited, 0);
    counted.set(key, [...seen].map(([level, n]) => ({ level, seen: n, total: row.object.totals[rank.get(level)] ?? 0 })).sort((a, b) => (rank.get(b.level) ?? 99) - (rank.get(a.level) ?? 99)));
  }
  return counted.get(key);
};

const steps = (n) => raw.why.steps[n].map((s) => ({ kind: raw.why.kinds[raw.why.step[s][0]], text: text(raw.why.step[s][1]) }));
// paths are why a row shows what it shows, and what is near and does not show the rest.
const pathsOf = (list) => list.map((n) => raw.why.paths[n]).map((p) => ({
  way: raw.why.ways[p.w], steps: steps(p.s), columns: p.c ? texts(raw.why.columns[p.c - 1]) : [], rows: texts(p.r), certain: !p.u,
}));
const why = (row) => {
  const found = raw.why.rows[row.index];
  const [paths, missing, unknown] = found < 0 ? [[], [], []] : raw.why.answers[found];
  return { paths: pathsOf(paths), missing: pathsOf(missing), unknown: texts(unknown) };
};

page.model = {
  scope: raw.scope, caveats: raw.caveats, notes: raw.notes, levelNames: raw.levels, catalogs: raw.catalogs, tables: raw.tables, columnCounts: raw.columns,
  principals, objects, rows, subscriptions, levels, critical, rank, why,
  admins: (raw.admins ?? []).map((a) => ({ principal: personOf(a.principal), ...place(a.place), readOnly: a.readOnly ?? false })),
  bypasses: (raw.bypasses ?? []).map((b) => ({
    principal: personOf(b.principal), ...place(b.place), location: text(b.location), domain: text(b.domain), tables: texts(b.tables),
    products: texts(b.products), levels: texts(b.levels), can: texts(b.can), path: texts(b.path), certain: b.certain ?? false,
  })),
  grantors: (raw.grantors ?? []).map((g) => ({
    principal: personOf(g.principal), ...place(g.place), domain: text(g.domain), product: text(g.product), table: text(g.table),
    what: text(g.what), path: texts(g.path), certain: g.certain ?? false,
  })),
};

const { h, link } = page.ui;

// principal shows who: the name, and the identifier beneath where it says more.
page.principal = (p) => [
  p.index < 0 ? p.name : h("a", { href: link("access", { principal: p.id }) }, p.name),
  p.id !== p.name && p.id !== "" && h("div", { class: "identifier" }, p.id),
];

// path shows steps, one after another.
page.path = (list) => (list.length === 1 ? h("div", { class: "path" }, list[0]) : h("ol", { class: "path" }, list.map((step) => h("li", {}, step))));

// few shows some texts, the rest folded.
page.few = (list) => (list.length <= 4 ? list.join(", ") : [list.slice(0, 3).join(", "), h("details", {}, h("summary", {}, `and ${list.length - 3} more`), list.slice(3).join(", "))]);

// groupOf is what a row is about in the matrix: its product or its table.
page.groupOf = (object, by) => (by === "product" && object.owner ? object.account + "/" + object.region + "/" + object.owner : object.account + "/" + object.region + "/" + object.name);

// cellOf names the cell of a row in links.
page.cellOf = (row, by = "table") => row.principal.id + "|" + page.groupOf(row.object, by);
