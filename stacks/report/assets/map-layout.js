// Where the parts of the map stand: by dagre, along the way that data goes, as long as there
// are few enough that it takes a moment and that somebody can follow the lines. Else in rows,
// in their order.

const MOST = { nodes: 120, edges: 220 };
const TITLE = 22; // above the nodes of a group
const GAP = 16;

// sizes are those of nodes: { id, w, h, group } with the id of the group that they are drawn in,
// or null; edges are { from, to }. It returns { flow, at: id -> { x, y, w, h }, lines: points of
// each edge, w, h }, x and y of the left upper corner.
page.layout = (nodes, groups, edges) =>
  nodes.length <= MOST.nodes && edges.length <= MOST.edges ? flow(nodes, groups, edges) : rows(nodes, groups, edges);

const flow = (nodes, groups, edges) => {
  const graph = new dagre.graphlib.Graph({ compound: true });
  graph.setGraph({ rankdir: "LR", nodesep: 20, ranksep: 46, edgesep: TITLE + 10, marginx: 12, marginy: 12 + TITLE, ranker: "tight-tree" });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const group of groups) graph.setNode(group.id, {});
  for (const n of nodes) {
    graph.setNode(n.id, { width: n.w, height: n.h });
    if (n.group) graph.setParent(n.id, n.group);
  }
  for (const e of edges) graph.setEdge(e.from, e.to);
  dagre.layout(graph);
  const at = new Map();
  for (const { id } of [...nodes, ...groups]) {
    const { x, y, width, height } = graph.node(id);
    at.set(id, { x: x - width / 2, y: y - height / 2, w: width, h: height });
  }
  for (const { id } of groups) { // dagre has no room for the title
    const box = at.get(id);
    box.y -= TITLE;
    box.h += TITLE;
  }
  const { width, height } = graph.graph();
  return { flow: true, at, lines: edges.map((e) => graph.edge(e.from, e.to).points), w: width, h: height };
};

// rows puts groups beside one another, and the nodes of an open one below its title.
const rows = (nodes, groups, edges) => {
  const at = new Map();
  const inside = new Map(groups.map((g) => [g.id, nodes.filter((n) => n.group === g.id)]));
  const width = Math.max(900, Math.sqrt(nodes.reduce((sum, n) => sum + (n.w + GAP) * (n.h + GAP), 0) * 1.8));
  const place = (list, x0, y0, most) => {
    let x = x0, y = y0, high = 0, right = x0;
    for (const n of list) {
      if (x > x0 && x + n.w > x0 + most) {
        x = x0;
        y += high + GAP;
        high = 0;
      }
      at.set(n.id, { x, y, w: n.w, h: n.h });
      x += n.w + GAP;
      right = Math.max(right, x - GAP);
      high = Math.max(high, n.h);
    }
    return { right, bottom: y + high };
  };
  const closed = nodes.filter((n) => !n.group);
  let bottom = closed.length > 0 ? place(closed, 12, 12, width).bottom + 2 * GAP : 12;
  for (const g of groups) {
    const end = place(inside.get(g.id), 12 + GAP, bottom + TITLE + GAP / 2, width - 2 * GAP);
    at.set(g.id, { x: 12, y: bottom, w: Math.max(end.right - 12 + GAP, 200), h: end.bottom - bottom + GAP });
    bottom = end.bottom + 2.5 * GAP;
  }
  const lines = edges.map((e) => between(at.get(e.from), at.get(e.to)));
  return { flow: false, at, lines, w: width + 24, h: bottom };
};

// between is a line from one box to another.
const between = (a, b) => {
  const right = b.x + b.w / 2 >= a.x + a.w / 2;
  return [{ x: right ? a.x + a.w : a.x, y: a.y + a.h / 2 }, { x: right ? b.x : b.x + b.w, y: b.y + b.h / 2 }];
};
