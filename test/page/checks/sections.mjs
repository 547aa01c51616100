// sections are those that the navigation of a page lists.
export const sections = (page) => page.$$eval("nav a[data-section]", (links) => links.map((a) => a.dataset.section));

// go opens a section as its link does.
export const go = async (page, fragment) => {
  await page.evaluate((to) => { location.hash = to; }, fragment);
  await page.waitForFunction((id) => document.querySelector(`main > section[data-section="${id}"]`)?.hidden === false, fragment.split("?")[0]);
};
