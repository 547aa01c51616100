// Everything is reached and used without a mouse.
export default async ({ open, equal, ok }) => {
  const page = await open("sample", "access");
  const focused = () => page.evaluate(() => { const e = document.activeElement; return e.id || e.dataset.section || e.tagName + (e.dataset.y ?? ""); });
  await page.keyboard.press("Tab");
  equal(await page.evaluate(() => document.activeElement.className), "skip", "first stop");
  await page.keyboard.press("Enter");
  equal(await focused(), "main", "after the link that skips");
  const visited = [];
  for (let i = 0; i < 20 && !visited.at(-1)?.startsWith("TD"); i++) {
    await page.keyboard.press("Tab");
    visited.push(await focused());
  }
  for (const want of ["access-search", "access-principal", "access-domain", "access-product", "access-level", "access-right", "TD0"]) ok(visited.includes(want), `Tab does not reach ${want}: ${visited}`);
  // One stop for the whole matrix; arrows move in it.
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  equal(await page.evaluate(() => [document.activeElement.dataset.y, document.activeElement.dataset.x].join()), "1,1", "cell after arrows");
  await page.keyboard.press("Control+End");
  const end = await page.evaluate(() => document.activeElement === [...document.querySelectorAll(".matrix td")].at(-1));
  ok(end, "Control and End do not go to the last cell");
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("Escape");
  equal(await page.evaluate(() => [document.activeElement.dataset.y, document.activeElement.dataset.x].join()), "0,0", "focus after closing");
  // A section that is opened takes the focus to its heading, and its tables are sorted by their headings.
  await page.focus('nav a[data-section="ending"]');
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.id === "ending-title");
  await page.focus('[data-section="ending"] th:nth-child(2) button');
  await page.keyboard.press("Enter");
  equal(await page.$eval('[data-section="ending"] th:nth-child(2)', (e) => e.ariaSort), "ascending", "order");
  const names = await page.$$eval('[data-section="ending"] tbody td:nth-child(2)', (all) => all.map((e) => e.textContent));
  equal(names.join(), [...names].sort().join(), "subscriptions in order");
};
