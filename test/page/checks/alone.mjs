// The page is alone: open counts every request, error and dialog as a problem.
import { go, sections } from "./sections.mjs";

export default async ({ open, ok, equal }) => {
  const page = await open("sample");
  const all = await sections(page);
  ok(all.length >= 6, `sections: ${all}`);
  for (const id of all) {
    await go(page, id);
    equal(await page.$$eval("main > section:not([hidden])", (s) => s.map((e) => e.dataset.section).join()), id, "shown sections");
    equal(await page.$$eval("nav a[aria-current]", (a) => a.map((e) => e.dataset.section).join()), id, "current link");
    ok(await page.$eval(`main > section[data-section="${id}"] .content`, (e) => e.textContent.length > 20), `section ${id} is empty`);
  }
  // The policy refuses what a page could be made to ask for.
  const probe = await open("sample", "", { expected: true });
  const refused = await probe.evaluate(async () => {
    const violations = [];
    document.addEventListener("securitypolicyviolation", (event) => violations.push(event.effectiveDirective));
    const tried = await fetch("http://127.0.0.1:9/").then(() => "asked", () => "refused");
    let markup = "taken";
    try { document.createElement("div").innerHTML = "<b>x</b>"; } catch { markup = "refused"; }
    await new Promise((done) => setTimeout(done, 100));
    return [tried, markup, violations.includes("connect-src")].join();
  });
  equal(refused, "refused,refused,true", "what the policy refuses");
};
