// The map: every part is reached by the keyboard and told in words, groups open, search finds,
// and 200 domains are drawn in a moment.
const focused = (page) => page.evaluate(() => document.activeElement.dataset.id ?? "");
const panel = (page) => page.$eval(".map-panel", (e) => e.innerText);

export default async ({ open, equal, ok, measure, shot }) => {
  const page = await open("sample", "map");
  equal(await page.$$eval(".part", (all) => all.length), 6, "domains, all closed");
  equal(await page.$$eval('.part[tabindex="0"]', (all) => all.length), 1, "stops of the map");

  // From the first part arrows reach every other, also with all groups open.
  await page.click("text=Open all");
  ok(await page.$$eval(".part", (all) => all.length) > 40, "the groups do not open");
  const reached = await page.evaluate(() => {
    const seen = new Set(), left = [document.querySelector('.part[tabindex="0"]')];
    while (left.length > 0) {
      const part = left.pop();
      if (seen.has(part.dataset.id)) continue;
      seen.add(part.dataset.id);
      for (const key of ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]) {
        part.focus();
        part.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        if (!seen.has(document.activeElement.dataset.id)) left.push(document.activeElement);
      }
    }
    return [...document.querySelectorAll(".part")].filter((p) => !seen.has(p.dataset.id)).map((p) => p.getAttribute("aria-label"));
  });
  equal(reached.join("; "), "", "parts that arrows do not reach");
  await page.click("text=Close all");

  // Enter chooses a part and opens it, and says what it is connected with.
  await page.focus('.part[tabindex="0"]');
  await page.keyboard.press("Enter");
  const id = await focused(page);
  ok(/Comes from|Goes to/.test(await panel(page)), `what is chosen: ${await panel(page)}`);
  await page.keyboard.press("Enter");
  equal(await page.$eval(`.part[data-id="${id}"]`, (e) => e.getAttribute("aria-expanded")), "true", "after Enter on what is chosen");
  equal(await focused(page), id, "focus after opening");
  await page.waitForFunction(() => /is open|connection/.test(document.getElementById("status").textContent));
  await page.keyboard.press("Escape");
  ok((await panel(page)).startsWith("Choose a part"), "Escape does not let go");

  // A search shows a product, its neighbours and its place in the catalogue.
  await page.fill("#map-search", "clinical.patient_deid");
  await page.keyboard.press("Enter");
  const text = await panel(page);
  for (const want of ["product of", "deidentified", "every Sunday at 03:15 UTC", "NCT0456", "Until 2027-12-31", "research.cardiology-analysts"]) {
    ok(text.includes(want), `patient_deid does not say ${want}: ${text}`);
  }
  equal(await page.evaluate(() => location.hash), "#map?at=clinical.patient_deid", "address");
  await page.click('.map-panel button:has-text("research.cardiology-analysts")');
  ok((await panel(page)).startsWith("cardiology-analysts"), "a neighbour is not chosen");
  await page.fill("#map-search", "no such thing");
  await page.keyboard.press("Enter");
  ok((await page.$eval('main > section[data-section="map"]', (e) => e.innerText)).includes("Nothing is called no such thing."), "a search without an answer");

  // The list says the same.
  await page.click('.map-list summary:has-text("clinical")');
  await page.waitForSelector(".map-list details[open] li");
  ok((await page.$eval(".map-list details[open]", (e) => e.innerText)).includes("cardiology-analysts of research reads clinical.patient_deid"), "the list lacks a subscription");

  const wide = await open("wide", "map");
  const times = await wide.evaluate(() => {
    const time = (act) => { const start = performance.now(); act(); document.body.offsetHeight; return Math.round(performance.now() - start); };
    const button = (text) => [...document.querySelectorAll(".map-panel button, .controls button")].find((b) => b.textContent.includes(text));
    return {
      parts: document.querySelectorAll(".part").length,
      choose: time(() => document.querySelector(".part").dispatchEvent(new MouseEvent("click", { bubbles: true }))),
      alone: time(() => button("Only this").click()),
      whole: time(() => button("The whole map").click()),
    };
  });
  await shot(wide, "map-wide");
  equal(times.parts, 200, "domains");
  measure(`200 domains: choosing one ${times.choose} ms, alone with its neighbours ${times.alone} ms, the whole again ${times.whole} ms`);
  ok(Math.max(times.choose, times.alone, times.whole) < 5_000, `slow: ${JSON.stringify(times)}`);
  const linked = await open("wide", "map?at=d007.p3");
  ok((await panel(linked)).startsWith("p3"), "a product of 4,000 is not found");
};
