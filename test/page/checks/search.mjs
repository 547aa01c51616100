// Search and filters choose rows, say how many, and stand in the address.
export default async ({ open, equal, ok }) => {
  const page = await open("sample", "access");
  const result = () => page.$eval('[data-section="access"] .result', (e) => e.textContent);
  const whole = await result();
  await page.fill("#access-search", "cardio");
  ok((await result()).includes("1 principal,"), `search by principal: ${await result()}`);
  equal(await page.evaluate(() => location.hash), "#access?q=cardio", "address");
  await page.waitForFunction(() => document.getElementById("status").textContent.includes("row"));
  await page.fill("#access-search", "birth_year");
  ok(/^\d+ /.test(await result()) && await result() !== whole, `search by column: ${await result()}`);
  await page.fill("#access-search", "no such thing");
  equal(await result(), "Nobody holds what is asked for.", "nothing found");
  await page.fill("#access-search", "");
  equal(await result(), whole, "without a search");
  for (const [control, value] of [["domain", "clinical"], ["level", "phi"], ["right", "INSERT"], ["product", "clinical.fhir"]]) {
    await page.selectOption("#access-" + control, value);
    ok(await result() !== whole, `the filter by ${control} changes nothing`);
    await page.selectOption("#access-" + control, "");
  }
  await page.selectOption("#access-domain", "clinical");
  await page.selectOption("#access-level", "phi");
  const chosen = await result();
  await page.reload();
  equal(await result(), chosen, "after a reload");
  equal(await page.$$eval(".matrix tbody th", (all) => all.every((th) => th.textContent.includes("clinical"))), true, "products of the domain");
  // The other tables search too.
  await page.click('nav a[data-section="around"]');
  await page.fill("#around-search", "ClearingHouse");
  ok((await page.$eval('[data-section="around"] .result', (e) => e.textContent)).includes(" of "), "search in ways around");
};
