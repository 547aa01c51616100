// Overview: what nobody knows first, then figures.

page.section("overview", (root, ui) => {
  const { h, count } = ui;
  const { model } = page;
  const unknown = model.caveats.length > 0 && h("div", { class: "warning" },
    h("h2", {}, "What is not known"),
    h("p", {}, "Somebody may see more than this page says, because of:"),
    h("ul", {}, model.caveats.map((caveat) => h("li", {}, caveat))));
  ui.append(root, [unknown, h("p", {}, count(model.principals.length, "principal"))]);
});
