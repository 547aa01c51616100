// The catalogue: products are found by names, words and columns, and told in full.
import { go } from "./sections.mjs";

const here = 'main > section[data-section="catalogue"]';

export default async ({ open, equal, ok, measure }) => {
  const page = await open("sample", "catalogue");
  const result = () => page.$eval(`${here} .result`, (e) => e.textContent);
  equal(await result(), "20 products", "all of them");
  await page.fill("#catalogue-search", "hba1c");
  ok((await result()).includes(" of 20"), `a search by column: ${await result()}`);
  ok((await page.$eval(".catalogue-list", (e) => e.innerText)).includes("highest_hba1c_percent"), "the columns that are meant are not named");
  await page.fill("#catalogue-search", "");
  await page.selectOption("#catalogue-domain", "clinical");
  await page.selectOption("#catalogue-level", "deidentified");
  equal(await result(), "1 product of 20", "filters");

  // A product takes the focus to its name, and leads to where it comes from.
  await page.focus(".catalogue-list a");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.tagName === "H2");
  equal(await page.evaluate(() => location.hash), "#catalogue?product=clinical.patient_deid", "address");
  const text = await page.$eval(".catalogue-product", (e) => e.innerText);
  for (const want of ["1.4.0, active", "No attempt to re-identify", "The newest data is at most 14 days old.", "study_id = 'NCT0456'", "2027-12-31", "every Sunday at 03:15 UTC",
    "keyed hash", "by hmac", "A registered study number.", "What CardiologyAnalyst", 'FROM "riverside_clinical_analytics"."patient_deid"']) {
    ok(text.includes(want), `patient_deid does not say ${want}`);
  }
  await page.click('.catalogue-product a:has-text("clinical.research_registry.enrolment")');
  await page.waitForFunction(() => location.hash === "#catalogue?product=clinical.research_registry");
  await page.click("text=On the map");
  await page.waitForFunction(() => document.querySelector(".map-panel h2")?.textContent === "research_registry");
  await page.goBack();
  await page.waitForFunction(() => document.querySelector(".catalogue-product h2")?.textContent.startsWith("clinical.research_registry"));
  await go(page, "catalogue");
  ok(await page.$eval(".catalogue-list", (e) => e.checkVisibility()), "the list does not come back");

  const wide = await open("wide", "catalogue");
  const took = await wide.evaluate(() => {
    const field = document.getElementById("catalogue-search"), start = performance.now();
    field.value = "p1 c2";
    field.dispatchEvent(new Event("input"));
    document.body.offsetHeight;
    return performance.now() - start;
  });
  measure(`a key in the search over 4,000 products with 120,000 columns: ${Math.round(took)} ms`);
  ok(took < 3_000, `slow: ${took} ms`);
};
