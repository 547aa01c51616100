// axe finds nothing, in both schemes, in every section, with a cell open, as a list, and narrow.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { go, sections } from "./sections.mjs";

const axe = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

export default async ({ open, problem, shot }) => {
  const look = async (page, where) => {
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    for (const v of violations) problem(`${where}: ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + " " + n.failureSummary.split("\n")[1]).join(" | ")}`);
  };
  for (const colorScheme of ["light", "dark"]) {
    const page = await open("sample", "", { colorScheme, bypassCSP: true });
    await page.evaluate(axe);
    for (const id of await sections(page)) {
      await go(page, id);
      await look(page, `${colorScheme} ${id}`);
      await shot(page, `${id}-${colorScheme}`);
    }
    await go(page, "access?view=list");
    await look(page, `${colorScheme} list`);
    await shot(page, `list-${colorScheme}`);
    await go(page, "access?cell=" + encodeURIComponent("arn:aws:iam::111111111111:role/CardiologyAnalyst|111111111111/us-east-1/clinical.patient_deid"));
    await page.waitForSelector("dialog[open]");
    await look(page, `${colorScheme} cell`);
    await shot(page, `cell-${colorScheme}`);
  }
  const narrow = await open("sample", "", { viewport: { width: 390, height: 844 }, bypassCSP: true });
  await narrow.evaluate(axe);
  for (const id of await sections(narrow)) {
    await go(narrow, id);
    await look(narrow, `narrow ${id}`);
    await shot(narrow, `${id}-narrow`, { fullPage: false });
    const wider = await narrow.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wider > 0) problem(`narrow ${id}: the page is ${wider} pixels wider than the screen`);
  }
};
