// The map: what the mesh is made of as a picture, the part that is chosen in words, and all of
// it as a list.

const SMALL = 16; // parts of a mesh that is drawn open
const OPEN = 400; // parts that are drawn at most when all is opened
const LEGIBLE = 0.8; // scale at which what is chosen can be read
const NEAR = 40; // neighbours that are drawn around one part

const words = {
  product: ["product", "products"], table: ["table", "tables"], job: ["job", "jobs"], fhirStore: ["FHIR store", "FHIR stores"],
  imageStore: ["image store", "image stores"], variants: ["load of variants", "loads of variants"], omics: ["store of sequences", "stores of sequences"],
  outside: ["place outside the lake", "places outside the lake"], reader: ["reader", "readers"], link: ["resource link", "resource links"],
};
const groupWords = { domain: "domain", database: "database", principals: "principals of", links: "resource links of" };

page.section("map", (root, ui) => {
  const { h, say, count } = ui;
  const { groups, nodes, edges } = ui.data("map");
  const members = groups.map(() => []);
  nodes.forEach((n, i) => members[n.group].push(i));
  const out = nodes.map(() => []), into = nodes.map(() => []);
  edges.forEach((e, i) => { out[e.from].push(i); into[e.to].push(i); });
  const groupTitle = (g) => (g.kind === "principals" || g.kind === "links" ? `${groupWords[g.kind]} ${g.name}` : g.name);
  const nodeTitle = (n) => `${groups[n.group].kind === "principals" ? "" : groups[n.group].name + "."}${n.name}`;
  const kind = (n) => words[n.kind][0];
  const nodeKind = (n) => kind(n) + (n.level ? " · " + n.level : "");
  const kinds = (list) => Object.keys(words).map((k) => [k, list.filter((i) => nodes[i].kind === k).length]).filter(([, n]) => n > 0)
    .map(([k, n]) => count(n, ...words[k]));

  // What is shown: groups that are open, the only one with its neighbours, what is chosen.
  const opened = new Set(nodes.length <= SMALL ? groups.keys() : []);
  let alone = null, chosen = null, at = null, focused = null;

  // ids are "g3" of a group and "n12" of a node.
  const isGroup = (id) => id[0] === "g";
  const number = (id) => Number(id.slice(1));
  const thing = (id) => (isGroup(id) ? groups[number(id)] : nodes[number(id)]);
  const titleOf = (id) => (isGroup(id) ? groupTitle(thing(id)) : nodeTitle(thing(id)));
  const edgesOf = (id) => (isGroup(id) ? members[number(id)] : [number(id)]).flatMap((n) => [...out[n], ...into[n]])
    .filter((e) => !isGroup(id) || nodes[edges[e].from].group !== nodes[edges[e].to].group);
  const drawnAs = (n) => (opened.has(nodes[n].group) || alone === nodes[n].group ? "n" + n : "g" + nodes[n].group);

  // visible is what is drawn now.
  const visible = () => {
    let shown = [...groups.keys()];
    if (alone !== null) {
      const near = new Set(edgesOf("g" + alone).flatMap((e) => [nodes[edges[e].from].group, nodes[edges[e].to].group]));
      near.delete(alone);
      shown = [alone, ...[...near].sort((a, b) => a - b).slice(0, NEAR)];
    }
    const boxes = [], open = [], lines = new Map();
    for (const g of shown) {
      if ((opened.has(g) || alone === g) && members[g].length > 0) {
        open.push({ id: "g" + g });
        for (const n of members[g]) boxes.push({ id: "n" + n, group: "g" + g, ...sizeOf(nodes[n].name, nodeKind(nodes[n]), 40) });
      } else boxes.push({ id: "g" + g, group: null, ...sizeOf(groups[g].name, groupKind(groups[g]), 52) });
    }
    const drawn = new Set(shown);
    edges.forEach((e, i) => {
      const [a, b] = [nodes[e.from].group, nodes[e.to].group];
      if (!drawn.has(a) || !drawn.has(b) || (alone !== null && a !== alone && b !== alone)) return;
      const [from, to] = [drawnAs(e.from), drawnAs(e.to)];
      if (from === to) return;
      const key = from + " " + to;
      if (!lines.has(key)) lines.set(key, { from, to, edges: [] });
      lines.get(key).edges.push(i);
    });
    return { boxes, open, lines: [...lines.values()] };
  };
  const sizeOf = (name, what, height) => ({ w: Math.min(Math.max(name.length * 7.2, what.length * 6.4, 80) + 26, 250), h: height });
  const cut = (text, most = 32) => (text.length > most ? text.slice(0, most - 1) + "…" : text);

  // The picture.
  const svg = d3.create("svg").attr("class", "map-picture").attr("role", "group").attr("aria-label", "Map").attr("aria-describedby", "map-help");
  svg.append("defs").selectAll("marker").data(["plain", "strong"]).join("marker")
    .attr("id", (d) => "map-arrow-" + d).attr("viewBox", "0 0 8 8").attr("refX", 7.5).attr("refY", 4).attr("markerWidth", 7).attr("markerHeight", 7)
    .attr("orient", "auto-start-reverse").append("path").attr("d", "M0,0L8,4L0,8z").attr("class", (d) => "arrow " + d);
  const stage = svg.append("g");
  const zoom = d3.zoom().scaleExtent([0.05, 3]).filter((e) => (e.type === "wheel" ? e.ctrlKey || e.metaKey : !e.ctrlKey && !e.button)) // the wheel alone scrolls the page
    .on("zoom", ({ transform }) => stage.attr("transform", transform));
  svg.call(zoom).on("dblclick.zoom", null);
  const box = () => { const r = svg.node().getBoundingClientRect(); return { w: r.width || 900, h: r.height || 560 }; };

  const path = (points) => {
    const [first, ...rest] = points;
    if (rest.length === 1) {
      const [b] = rest, bend = Math.max(Math.abs(b.x - first.x) / 2, 30) * (b.x >= first.x ? 1 : -1);
      return `M${first.x},${first.y}C${first.x + bend},${first.y} ${b.x - bend},${b.y} ${b.x},${b.y}`;
    }
    let d = `M${first.x},${first.y}`;
    for (let i = 0; i < rest.length - 1; i++) {
      const end = i === rest.length - 2 ? rest[i + 1] : { x: (rest[i].x + rest[i + 1].x) / 2, y: (rest[i].y + rest[i + 1].y) / 2 };
      d += `Q${rest[i].x},${rest[i].y} ${end.x},${end.y}`;
    }
    return d;
  };
  const lineClass = (line) => {
    const all = line.edges.map((i) => edges[i]);
    return ["line", all.some((e) => e.relation === "subscription") ? "subscription" : all[0].relation, all.every((e) => e.ended) && "ended"].filter(Boolean).join(" ");
  };

  let shownNow = { boxes: [], open: [], lines: [] };
  const draw = () => {
    shownNow = visible();
    at = page.layout(shownNow.boxes, shownNow.open, shownNow.lines);
    zoom.translateExtent([[-60, -60], [at.w + 60, at.h + 60]]);
    stage.selectAll("*").remove();
    const of = (d) => at.at.get(d.id);
    const part = (selection, open) => selection.attr("class", (d) => ["part", isGroup(d.id) ? "group " + thing(d.id).kind : "node " + thing(d.id).kind, open && "open"].filter(Boolean).join(" "))
      .attr("data-id", (d) => d.id).attr("role", "button").attr("tabindex", "-1").attr("aria-label", (d) => label(d.id))
      .attr("aria-expanded", (d) => (isGroup(d.id) && members[number(d.id)].length > 0 ? String(open) : null))
      .attr("transform", (d) => `translate(${of(d).x},${of(d).y})`)
      .on("click", (event, d) => { event.stopPropagation(); choose(d.id, true); })
      .on("dblclick", (event, d) => { if (isGroup(d.id)) toggle(number(d.id)); })
      .on("focus", (event, d) => { focused = d.id; bring(d.id); });
    const areas = part(stage.append("g").selectAll("g").data(shownNow.open).join("g"), true);
    areas.append("rect").attr("width", (d) => of(d).w).attr("height", (d) => of(d).h).attr("rx", 8);
    const lines = stage.append("g").attr("aria-hidden", "true").selectAll("g").data(shownNow.lines).join("g").attr("class", lineClass);
    lines.append("path").attr("d", (d, i) => path(at.lines[i]));
    lines.filter((d) => d.edges.length > 1).append("text").attr("text-anchor", "middle").attr("x", (d) => middle(d).x).attr("y", (d) => middle(d).y - 4).text((d) => d.edges.length);
    const parts = part(stage.append("g").selectAll("g").data(shownNow.boxes).join("g"), false);
    parts.append("rect").attr("width", (d) => d.w).attr("height", (d) => d.h).attr("rx", (d) => (thing(d.id).kind === "job" ? d.h / 2 : 5));
    // The labels say all that is written, so what is written stands beside the parts.
    const texts = (list, kind) => stage.append("g").attr("aria-hidden", "true").selectAll("g").data(list).join("g").attr("class", kind).attr("transform", (d) => `translate(${of(d).x},${of(d).y})`);
    texts(shownNow.open, "title").append("text").attr("x", 10).attr("y", 17)
      .text((d) => cut(groupTitle(thing(d.id)) + (thing(d.id).account && thing(d.id).kind === "domain" ? " · " + thing(d.id).account : ""), Math.floor((of(d).w - 16) / 8)));
    const written = texts(shownNow.boxes, "words"), left = (d) => (thing(d.id).kind === "job" ? 16 : 10);
    written.append("text").attr("class", "kind").attr("x", left).attr("y", 15).text((d) => (isGroup(d.id) ? groupKind(thing(d.id)) : nodeKind(thing(d.id))));
    written.append("text").attr("x", left).attr("y", 31).text((d) => cut(thing(d.id).name));
    written.filter((d) => isGroup(d.id)).append("text").attr("class", "kind").attr("x", 10).attr("y", 45).text((d) => cut(kinds(members[number(d.id)])[0] ?? "empty"));
    if (!focused || !at.at.has(focused)) focused = [...at.at.keys()][0] ?? null;
    stage.selectAll(".part").attr("tabindex", (d) => (d.id === focused ? "0" : "-1"));
    note.textContent = at.flow || shownNow.lines.length === 0 ? "" : "There are too many parts to draw all lines: those of what is chosen are drawn.";
    mark();
  };
  const middle = (line) => { const p = at.lines[shownNow.lines.indexOf(line)], m = (p.length - 1) / 2; return { x: (p[Math.floor(m)].x + p[Math.ceil(m)].x) / 2, y: (p[Math.floor(m)].y + p[Math.ceil(m)].y) / 2 }; };
  const groupKind = (g) => (g.kind === "domain" && g.account ? "domain · " + g.account : g.kind === "principals" ? "principals" : g.kind === "links" ? "resource links" : g.kind + (g.account ? " · " + g.account : ""));
  const label = (id) => {
    const ends = edgesOf(id);
    const what = isGroup(id) ? [groupKind(thing(id)), ...kinds(members[number(id)])] : [kind(thing(id)), thing(id).level].filter(Boolean);
    return `${titleOf(id)}: ${what.join(", ")}; ${count(ends.length, "connection")}`;
  };

  // mark shows what is chosen, and what it is connected with.
  const mark = () => {
    const near = new Set();
    stage.selectAll(".line").each(function (d) {
      const mine = chosen !== null && (d.from === chosen || d.to === chosen || (isGroup(chosen) && d.edges.some((i) => [edges[i].from, edges[i].to].some((n) => nodes[n].group === number(chosen)))));
      if (mine) near.add(d.from).add(d.to);
      const line = d3.select(this).classed("mine", mine).attr("display", at.flow || mine ? null : "none");
      line.select("path").attr("marker-end", `url(#map-arrow-${mine ? "strong" : "plain"})`);
    });
    svg.classed("chosen", chosen !== null && at.at.has(chosen));
    stage.selectAll(".part").classed("is-chosen", (d) => d.id === chosen).classed("is-near", (d) => near.has(d.id) && d.id !== chosen)
      .attr("aria-pressed", (d) => String(d.id === chosen));
  };

  const fit = () => {
    const { w, h: high } = box(), scale = Math.min(w / at.w, high / at.h, 1.1);
    svg.call(zoom.transform, d3.zoomIdentity.translate((w - at.w * scale) / 2, (high - at.h * scale) / 2).scale(scale));
  };
  // read shows a part so that it can be read.
  const read = (id) => {
    const part = at.at.get(id);
    if (part && d3.zoomTransform(svg.node()).k < LEGIBLE) {
      svg.call(zoom.scaleTo, LEGIBLE).call(zoom.translateTo, part.x + Math.min(part.w, 600) / 2, part.y + Math.min(part.h, 300) / 2);
    } else bring(id);
  };
  // bring moves the picture as little as shows a part.
  const bring = (id) => {
    const part = at.at.get(id);
    if (!part) return;
    const t = d3.zoomTransform(svg.node()), { w, h: high } = box(), [x, y] = t.apply([part.x, part.y]);
    const move = (from, size, all) => (from < 20 || size > all - 40 ? 20 - from : from + size > all - 20 ? all - 20 - from - size : 0);
    svg.call(zoom.translateBy, move(x, part.w * t.k, w) / t.k, move(y, part.h * t.k, high) / t.k);
  };
  const by = (factor) => svg.call(zoom.scaleBy, factor);

  const redraw = (keep) => {
    draw();
    fit();
    if (keep && at.at.has(keep)) stage.selectAll(".part").filter((d) => d.id === keep).node().focus({ preventScroll: true });
    tools();
  };
  const toggle = (g) => {
    if (members[g].length === 0) return;
    if (alone === g) alone = null;
    if (opened.has(g)) opened.delete(g);
    else opened.add(g);
    focused = "g" + g;
    redraw(focused);
    show();
    say(`${groupTitle(groups[g])} is ${opened.has(g) ? "open" : "closed"}`);
  };
  const only = (g) => {
    alone = alone === g ? null : g;
    redraw();
    show();
    say(alone === null ? "the whole map" : `only ${groupTitle(groups[g])} and its neighbours`);
  };

  // choose shows a part in words, and in the picture as itself or in its group.
  const choose = (id, remember) => {
    chosen = id;
    if (!at.at.has(id)) {
      if (alone !== null) alone = isGroup(id) ? number(id) : thing(id).group;
      else if (!isGroup(id)) opened.add(thing(id).group);
      draw();
      fit();
    }
    focused = at.at.has(id) ? id : focused;
    stage.selectAll(".part").attr("tabindex", (d) => (d.id === focused ? "0" : "-1"));
    mark();
    read(id);
    show();
    if (remember) ui.remember("map", { at: titleOf(id) });
    say(label(id));
  };

  // The part that is chosen, in words.
  const panel = h("div", { class: "map-panel", role: "region", "aria-label": "What is chosen" });
  const go = (id) => h("button", { type: "button", class: "link", onclick: () => choose(id, true) }, titleOf(id));
  const end = (e) => e.until && h("span", { class: "quiet" }, e.ended ? ` Ended ${e.until}.` : ` Until ${e.until}.`);
  const sentence = (i, id) => {
    const e = edges[i], mine = (n) => (isGroup(id) ? nodes[n].group === number(id) : n === number(id));
    return h("li", {}, e.text, end(e), " ", [e.from, e.to].filter((n) => !mine(n)).map((n) => go("n" + n)));
  };
  const facts = (list) => list?.length > 0 && h("dl", { class: "facts" }, list.map((f) => [h("dt", {}, f.name), h("dd", {}, f.text)]));
  const show = () => {
    panel.replaceChildren();
    if (chosen === null) {
      panel.append(h("p", { class: "quiet" }, "Choose a part of the map to see what it is and what it is connected with."));
      return;
    }
    const part = thing(chosen), group = isGroup(chosen);
    const leads = [], comes = [], ids = group ? members[number(chosen)] : [number(chosen)];
    for (const n of ids) {
      leads.push(...out[n].filter((i) => !group || nodes[edges[i].to].group !== number(chosen)));
      comes.push(...into[n].filter((i) => !group || nodes[edges[i].from].group !== number(chosen)));
    }
    const list = (title, all) => all.length > 0 && [h("h3", {}, `${title} (${all.length})`), more(all, (i) => sentence(i, chosen))];
    ui.append(panel, [
      h("h2", {}, group ? groupTitle(part) : part.name),
      h("p", { class: "quiet" }, group ? [groupKind(part), part.region && " · " + part.region] : [kind(part), " of ", go("g" + part.group), part.level && [" ", ui.chip(part.level)]]),
      group && members[number(chosen)].length > 0 && h("p", { class: "buttons" },
        h("button", { type: "button", "aria-pressed": String(opened.has(number(chosen)) || alone === number(chosen)), onclick: () => toggle(number(chosen)) }, "Open"), " ",
        h("button", { type: "button", "aria-pressed": String(alone === number(chosen)), onclick: () => only(number(chosen)) }, "Only this and its neighbours")),
      !group && part.product && ui.has("catalogue") && h("p", {}, h("a", { href: ui.link("catalogue", { product: part.product }) }, `${part.product} in the catalogue`)),
      facts(part.facts),
      list("Comes from", comes), list("Goes to", leads),
      group && [h("h3", {}, "Parts"), more(members[number(chosen)], (n) => h("li", {}, go("n" + n), " ", h("span", { class: "quiet" }, kind(nodes[n]))))],
    ]);
  };
  // more is a list of which the first are shown, and others when they are asked for.
  const more = (all, item) => {
    const list = h("ul", { class: "plain" }, all.slice(0, 30).map(item));
    const rest = all.length > 30 && h("button", { type: "button", onclick: () => { list.append(...all.slice(30).map(item)); rest.remove(); } }, `Show ${all.length - 30} more`);
    return [list, rest];
  };

  // Controls.
  const field = h("input", { type: "search", id: "map-search", list: "map-names", autocomplete: "off", spellcheck: "false", onchange: () => search(), onkeydown: (e) => { if (e.key === "Enter") search(); } });
  const names = h("datalist", { id: "map-names" });
  const search = () => {
    const wanted = field.value.trim().toLowerCase();
    if (!wanted) return;
    const ids = [...groups.keys()].map((g) => "g" + g).concat([...nodes.keys()].map((n) => "n" + n));
    const found = ids.find((id) => titleOf(id).toLowerCase() === wanted) ?? ids.find((id) => titleOf(id).toLowerCase().includes(wanted));
    if (found) choose(found, true);
    else say(`nothing is called ${field.value}`);
    result.textContent = found ? "" : `Nothing is called ${field.value}.`;
  };
  const result = h("p", { class: "result" }), note = h("p", { class: "result" });
  const all = h("button", { type: "button", onclick: () => { if (opened.size > 0) opened.clear(); else for (const g of groups.keys()) opened.add(g); redraw(); show(); } });
  const whole = h("button", { type: "button", onclick: () => { alone = null; redraw(); show(); } }, "The whole map");
  const tools = () => {
    all.textContent = opened.size > 0 ? "Close all" : "Open all";
    all.disabled = opened.size === 0 && nodes.length > OPEN;
    whole.hidden = alone === null;
  };
  const controls = h("div", { class: "controls" },
    h("div", {}, h("label", { for: "map-search" }, "Find a domain, product, job or reader"), field, names),
    all, whole,
    h("button", { type: "button", "aria-label": "Zoom in", onclick: () => by(1.3) }, "+"),
    h("button", { type: "button", "aria-label": "Zoom out", onclick: () => by(1 / 1.3) }, "−"),
    h("button", { type: "button", onclick: () => fit() }, "Fit"));
  const help = h("p", { class: "result noprint", id: "map-help" }, "Arrow keys go from part to part, Enter chooses one, and opens or closes a group that is chosen; + and −, or the wheel with Ctrl, zoom, 0 fits. Lines go the way that data goes; blue ones are subscriptions.");

  // The keys of the picture.
  const towards = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  svg.on("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const done = () => event.preventDefault();
    if (towards[event.key] && focused) {
      done();
      const id = next(focused, towards[event.key]);
      if (id) {
        stage.selectAll(".part").attr("tabindex", (d) => (d.id === id ? "0" : "-1")).filter((d) => d.id === id).node().focus({ preventScroll: true });
      }
    } else if ((event.key === "Enter" || event.key === " ") && focused) {
      done();
      if (chosen === focused && isGroup(focused)) toggle(number(focused));
      else choose(focused, true);
    } else if (event.key === "+" || event.key === "=") { done(); by(1.3); }
    else if (event.key === "-") { done(); by(1 / 1.3); }
    else if (event.key === "0") { done(); fit(); }
    else if (event.key === "Escape" && chosen) { chosen = null; mark(); show(); }
  });
  // next is the nearest part in a direction. A group that is open counts by its title.
  const next = (id, [dx, dy]) => {
    const center = (key) => { const b = at.at.get(key), open = shownNow.open.some((g) => g.id === key); return { x: b.x + (open ? 40 : b.w / 2), y: b.y + (open ? 8 : b.h / 2) }; };
    const from = center(id);
    let best = null, least = Infinity;
    for (const key of at.at.keys()) {
      if (key === id) continue;
      const to = center(key), along = (to.x - from.x) * dx + (to.y - from.y) * dy, aside = Math.abs((to.x - from.x) * dy) + Math.abs((to.y - from.y) * dx);
      if (along < 4) continue;
      const far = along + 2.5 * aside;
      if (far < least) { least = far; best = key; }
    }
    return best;
  };

  // All of it as a list. A group is filled when it is opened.
  const listed = groups.map((g, i) => {
    const body = h("div", {});
    const fill = () => {
      if (body.childElementCount > 0) return;
      ui.append(body, [facts(g.facts), h("ul", {}, members[i].map((n) => h("li", {}, h("strong", {}, nodes[n].name), ` (${kind(nodes[n])}${nodes[n].level ? ", " + nodes[n].level : ""})`,
        into[n].length + out[n].length > 0 && h("ul", {}, [...into[n], ...out[n]].map((e) => h("li", {}, edges[e].text, end(edges[e])))))))]);
    };
    const details = h("details", { ontoggle: () => { if (details.open) fill(); } }, h("summary", {}, groupTitle(g), " ", h("span", { class: "quiet" }, [g.account && g.account !== g.name && g.account + " · ", kinds(members[i]).join(", ") || "empty"])), body);
    return { details, fill };
  });

  ui.append(root, [controls, help, result, note, h("div", { class: "map-frame" }, svg.node(), panel),
    h("h2", {}, "The same as a list"), h("div", { class: "map-list" }, listed.map((l) => l.details))]);
  ui.badge("map", groups.length);
  names.append(...groups.map((g) => h("option", { value: groupTitle(g) })), ...(nodes.length <= 2000 ? nodes.map((n) => h("option", { value: nodeTitle(n) })) : []));
  draw();
  tools();
  show();
  fit();
  let wide = box().w;
  new ResizeObserver(() => {
    const { w } = box();
    if (Math.abs(w - wide) < 40 || svg.attr("viewBox")) return; // on paper it fits
    wide = w;
    fit();
    if (chosen) read(chosen);
  }).observe(svg.node());
  return {
    open: (parameters) => {
      const wanted = parameters.get("at");
      if (!wanted) return;
      field.value = wanted;
      search();
    },
    print: () => {
      const were = listed.map((l) => l.details.open), transform = d3.zoomTransform(svg.node());
      for (const l of listed) { l.fill(); l.details.open = true; }
      svg.attr("viewBox", `0 0 ${at.w} ${at.h}`);
      stage.attr("transform", null);
      return () => {
        listed.forEach((l, i) => { l.details.open = were[i]; });
        svg.attr("viewBox", null);
        stage.attr("transform", transform);
      };
    },
  };
});
