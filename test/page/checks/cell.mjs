// A link to a cell opens it, with columns, rows and the reason; closing it gives the page back.
export default async ({ open, equal, ok }) => {
  const cell = "arn:aws:iam::111111111111:role/CardiologyAnalyst|111111111111/us-east-1/clinical.patient_deid";
  const page = await open("sample", "access?" + new URLSearchParams({ cell }));
  await page.waitForSelector("dialog[open]");
  equal(await page.evaluate(() => document.activeElement.id), "cell-title", "focus");
  const text = await page.$eval("dialog", (d) => d.innerText);
  for (const want of ["CardiologyAnalyst", "clinical.patient_deid", "SELECT", "2027-12-31", "study_id = 'NCT0456'", "Granted by Lake Formation", "Columns: 30 of 31 seen", "not seen"]) {
    ok(text.includes(want), `the cell does not say ${want}: ${text.slice(0, 900)}`);
  }
  await page.keyboard.press("Escape");
  equal(await page.$("dialog[open]"), null, "dialog after Escape");
  equal(await page.evaluate(() => location.hash), "#access", "address after Escape");
  const nothing = await open("sample", "access?" + new URLSearchParams({ cell: cell.replace("patient_deid", "nowhere") }));
  ok((await nothing.$eval("dialog", (d) => d.innerText)).includes("grants nothing here"), "a cell with nothing says so");
};
