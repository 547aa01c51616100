// The model: who can see what, out of the numbers that Go wrote.

const raw = page.ui.data("model");
const text = (n) => raw.texts[n];
const texts = (list) => (list ?? []).map(text);

// short is what people know a principal by.
const short = (principal) => {
  if (/^\d{12}$/.test(principal)) return "account " + principal;
  return principal.slice(principal.lastIndexOf("/") + 1);
};

page.model = {
  scope: raw.scope, caveats: raw.caveats, notes: raw.notes, levels: raw.levels,
  principals: raw.principals.map(text),
};
