// Ending access: subscriptions by their last day.

page.section("ending", (root, { h, table, link, chip, append, count }) => {
  const { model } = page;
  const today = new Date(new Date().toISOString().slice(0, 10));
  const left = (s) => Math.round((new Date(s.lastDay) - today) / 86400000);
  const when = (s) => {
    const days = left(s);
    if (Number.isNaN(days)) return "";
    return days < 0 ? "has ended" : days === 0 ? "today" : "in " + count(days, "day");
  };
  const rows = [...model.subscriptions].sort((a, b) => (a.lastDay < b.lastDay ? -1 : a.lastDay > b.lastDay ? 1 : a.name < b.name ? -1 : 1));
  const principals = (s) => [...new Map(s.rows.map((r) => [r.principal.id, r.principal])).values()];
  const objects = (s) => [...new Map(s.rows.filter((r) => r.object.kind === "table").map((r) => [r.object.index, r.object])).values()];
  const levels = (s) => [...new Set(s.rows.flatMap((r) => model.levels(r).map((l) => l.level)))].sort((a, b) => model.rank.get(b) - model.rank.get(a));
  const made = table({
    id: "ending", caption: "Subscriptions by last day", noun: "subscription", none: "The templates tell of no subscriptions.", rows,
    search: "Subscription, purpose, approver or principal",
    columns: [
      { title: "Last day", narrow: true, text: (s) => s.lastDay, cell: (s) => [h("time", { datetime: s.lastDay }, s.lastDay), h("div", { class: left(s) < 30 ? "soon" : "quiet" }, when(s))] },
      { title: "Subscription", text: (s) => s.name, cell: (s) => s.name },
      { title: "Purpose", text: (s) => s.purpose, cell: (s) => s.purpose },
      { title: "Approver", text: (s) => s.approver, cell: (s) => s.approver },
      { title: "Principals", text: (s) => principals(s).map((p) => p.name).join(", "), cell: (s) => principals(s).map((p) => h("div", {}, h("a", { href: link("access", { principal: p.id }) }, p.name))) },
      { title: "Shows", wide: true, text: (s) => objects(s).map((o) => o.name).join(", "), cell: (s) => [h("div", { class: "chips" }, levels(s).map((l) => chip(l))), objects(s).map((o) => h("div", {}, o.name))] },
    ],
  });
  append(root, [made.element]);
  return { print: made.print };
});
