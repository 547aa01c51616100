// With 200 domains of 20 products the page has no more on it than with few, and is quick.
import { go, sections } from "./sections.mjs";

export default async ({ open, ok, measure, shot }) => {
  const page = await open("wide", "access");
  const paint = await page.evaluate(() => new Promise((done) => new PerformanceObserver((list) => done(list.getEntries()[0].startTime)).observe({ type: "paint", buffered: true })));
  const ready = await page.evaluate(() => performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd);
  await shot(page, "wide");
  const keys = [];
  for (const query of ["r", "re", "reader1", "reader17", "c2"]) {
    keys.push(await page.evaluate((q) => {
      const field = document.getElementById("access-search"), start = performance.now();
      field.value = q;
      field.dispatchEvent(new Event("input"));
      document.body.offsetHeight; // lays the page out
      return performance.now() - start;
    }, query));
  }
  for (const id of await sections(page)) {
    await go(page, id);
    const elements = await page.$$eval("main > section:not([hidden]) *", (all) => all.length);
    ok(elements < 30_000, `${id} has ${elements} elements`);
  }
  const usedJSHeapSize = await page.evaluate(() => performance.memory.usedJSHeapSize);
  measure(`first paint ${Math.round(paint)} ms, ready ${Math.round(ready)} ms, a key in the search ${keys.map(Math.round).join(", ")} ms, memory ${Math.round(usedJSHeapSize / 1e6)} MB`);
  ok(ready < 30_000 && Math.max(...keys) < 3_000, `slow: ready after ${ready} ms, keys ${keys}`);
};
