// Print has every section in full, unfolded.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sections } from "./sections.mjs";

export default async ({ open, equal, ok }) => {
  const page = await open("sample", "overview");
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  for (const id of await sections(page)) {
    const [visible, folded] = await page.$eval(`main > section[data-section="${id}"]`, (s) => [s.checkVisibility() && s.getBoundingClientRect().height > 40, s.querySelectorAll("details:not([open])").length]);
    ok(visible, `${id} is not printed`);
    equal(folded, 0, `${id}: folded parts`);
  }
  const rows = (id) => page.$$eval(`main > section[data-section="${id}"] table.data tbody`, (all) => Math.max(...all.filter((b) => b.checkVisibility()).map((b) => b.rows.length)));
  const model = await page.evaluate(() => JSON.parse(document.getElementById("data-model").textContent));
  const tables = model.rows.object.filter((o) => model.texts[model.objects[o].kind] === "table").length;
  equal(await rows("access"), tables, "rows of access");
  equal(await rows("around"), model.bypasses.length, "ways around");
  ok(!await page.$eval("nav", (nav) => nav.checkVisibility()), "the navigation is printed");
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  equal(await page.$$eval("main > section:not([hidden])", (all) => all.length), 1, "sections after printing");
  equal(await rows("around") <= 50, true, "pages after printing");
  const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
  ok(pdf.subarray(0, 5).toString() === "%PDF-" && pdf.length > 100_000, `PDF of ${pdf.length} bytes`);
  if (process.env.SHOTS) writeFileSync(join(process.env.SHOTS, "print.pdf"), pdf);
};
