// Changes: findings are chosen by severity, kind and words; without a base the section says how
// to have one.
const here = 'main > section[data-section="changes"]';

export default async ({ open, equal, ok, shot }) => {
  const page = await open("changes", "changes");
  const result = () => page.$eval(`${here} .result`, (e) => e.textContent);
  const text = await page.$eval(here, (e) => e.innerText);
  for (const want of ["From main to change: ", "riverside-member360-pipeline-us-east-1 gains SELECT on 1 column", "valuestring (deidentified, was phi)", "Clinical burden, use of services and care gaps", "Promises to readers that break"]) {
    ok(text.includes(want), `the change does not say ${want}: ${text.slice(0, 900)}`);
  }
  const all = await result();
  await page.selectOption("#changes-kind", "Promises to readers that break");
  ok((await result()).includes(" of "), `a kind chosen of ${all}: ${await result()}`);
  await shot(page, "changes");
  const none = await open("sample", "changes");
  ok((await none.$eval(here, (e) => e.innerText)).includes("lakemesh report --base"), "without a base it does not say how to have one");
  equal(await none.$(`${here} table`), null, "a table without a base");
};
