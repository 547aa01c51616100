// The frame: elements, sections, which of them is shown, colours and print.

const shows = new Map(); // section -> how it is shown
const shown = new Map(); // section -> what its function returned

// section says how a section is shown: show(root, ui) fills root once, when the section is
// first opened or printed. It may return { open(parameters), print() }: open is called with
// the URLSearchParams of the fragment each time the section is opened, print before printing;
// what print returns is called afterwards.
page.section = (id, show) => shows.set(id, show);

// h makes an element. Texts and numbers among the children become text, never markup.
// Properties are attributes, but on… are listeners, and null or false leaves one out.
const h = (tag, properties, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
};

const append = (element, children) => {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    if (child instanceof Node) element.append(child);
    else appendText(element, String(child));
  }
};

// Long words, such as names of tables, may break after their parts.
const long = /(\S{16,})/;
const appendText = (element, text) => {
  for (const part of text.split(long)) {
    if (!long.test(part)) element.append(part);
    else part.split(/(?<=.[._/:@-])(?=.)/).forEach((piece, i) => element.append(...(i > 0 ? [document.createElement("wbr"), piece] : [piece])));
  }
};

// data is what Go wrote for a section.
const data = (id) => JSON.parse(document.getElementById("data-" + id).textContent);

// say tells readers of the screen something, once nothing newer came for a moment.
let saying;
const say = (text) => {
  clearTimeout(saying);
  saying = setTimeout(() => { document.getElementById("status").textContent = text; }, 250);
};

// count is "1 row", "3 rows".
const count = (n, noun, nouns = noun + "s") => n.toLocaleString("en-US") + " " + (n === 1 ? noun : nouns);

// chip is a level as a label. Colour only repeats what the text says.
const known = new Set(["public", "internal", "deidentified", "phi", "untagged"]);
const chip = (level, text = level) => h("span", { class: "chip level-" + (known.has(level) ? level : "other") }, text);

// badge shows how many things a section has, in the navigation.
const badge = (id, n) => {
  const place = document.querySelector(`nav a[data-section="${id}"] .count`);
  if (place) place.textContent = n.toLocaleString("en-US");
};

page.ui = { h, append, data, say, count, chip, badge };

// A fragment names a section and what is asked of it: #access?level=phi.
const parse = () => {
  const [id, query = ""] = location.hash.slice(1).split(/\?(.*)/s);
  return { id, parameters: new URLSearchParams(query) };
};

// link is the fragment of a section and of what is asked of it.
page.ui.link = (id, parameters = {}) => {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  return "#" + id + (query.size > 0 ? "?" + query : "");
};

// has says whether the page has a section.
page.ui.has = (id) => document.querySelector(`main > section[data-section="${id}"]`) !== null;

// remember puts what is asked into the address, without a step in the history.
page.ui.remember = (id, parameters) => history.replaceState(null, "", page.ui.link(id, parameters));

const sections = () => [...document.querySelectorAll("main > section")];

const fill = (section) => {
  const id = section.dataset.section;
  if (!shown.has(id)) shown.set(id, shows.get(id)(section.querySelector(".content"), page.ui) ?? {});
  return shown.get(id);
};

let current = "";
const open = (focus) => {
  const all = sections();
  const { id, parameters } = parse();
  if (id === "main") return; // the link that skips the navigation
  const section = all.find((s) => s.dataset.section === id) ?? all[0];
  for (const s of all) s.hidden = s !== section;
  for (const a of document.querySelectorAll("nav a")) {
    if (a.dataset.section === section.dataset.section) a.setAttribute("aria-current", "page");
    else a.removeAttribute("aria-current");
  }
  document.title = section.querySelector("h1").textContent + " · " + page.title;
  const moved = current !== section.dataset.section;
  current = section.dataset.section;
  fill(section).open?.(parameters);
  if (focus && moved) {
    scrollTo(0, 0);
    section.querySelector("h1").focus({ preventScroll: true });
  }
};

const choose = (theme) => {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
};

// A page from a file may have no storage: then the choice lasts as long as the page.
const stored = {
  get: () => { try { return localStorage.getItem("theme") ?? ""; } catch { return ""; } },
  set: (theme) => { try { localStorage.setItem("theme", theme); } catch { /* it is only not kept */ } },
};

// Print has every section, in full.
const printing = [];
const beforePrint = () => {
  if (printing.length > 0) return;
  for (const section of sections()) {
    printing.push(fill(section).print?.() ?? (() => {}));
  }
  const folded = [...document.querySelectorAll("main > section details:not([open])")];
  for (const details of folded) details.open = true;
  printing.push(() => { for (const details of folded) details.open = false; });
};
const afterPrint = () => { for (const undo of printing.splice(0)) undo(); };

page.start = () => {
  page.title = document.querySelector(".top .title").textContent;
  const theme = document.getElementById("theme");
  theme.value = stored.get();
  choose(theme.value);
  theme.addEventListener("change", () => { choose(theme.value); stored.set(theme.value); });
  document.getElementById("print").addEventListener("click", () => print());
  addEventListener("beforeprint", beforePrint);
  addEventListener("afterprint", afterPrint);
  addEventListener("hashchange", () => open(true));
  open(false);
};
