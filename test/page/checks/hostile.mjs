// Texts of the data are texts, wherever they are shown.
import { go, sections } from "./sections.mjs";

export default async ({ open, equal, ok }) => {
  const page = await open("hostile");
  const text = `</script><img src=x onerror="document.title='owned'"><!--`;
  for (const id of await sections(page)) {
    await go(page, id);
    ok((await page.evaluate(() => document.body.innerText)).includes(text), `${id}: the text is not shown as it is`);
  }
  await go(page, "access?by=table");
  await page.click("td.has");
  await page.waitForSelector("dialog[open]");
  ok((await page.$eval("dialog", (d) => d.innerText)).split(text).length > 4, "the cell does not show the text as it is");
  equal(await page.$$eval("img", (all) => all.length), 0, "images");
  ok(!(await page.title()).startsWith("owned"), "a script of the data ran");
};
