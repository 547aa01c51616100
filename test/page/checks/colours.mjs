// The switch chooses the colours and keeps them; nothing moves for who does not want it.
export default async ({ open, equal }) => {
  const page = await open("sample", "", { colorScheme: "light" });
  const ground = () => page.$eval("body", (body) => getComputedStyle(body).backgroundColor);
  equal(await ground(), "rgb(255, 255, 255)", "light ground");
  await page.selectOption("#theme", "dark");
  equal(await ground(), "rgb(20, 23, 26)", "dark ground");
  await page.reload();
  equal(await ground(), "rgb(20, 23, 26)", "dark ground after a reload");
  equal(await page.$eval("#theme", (e) => e.value), "dark", "the switch after a reload");
  await page.emulateMedia({ media: "print" });
  equal(await ground(), "rgb(255, 255, 255)", "ground in print");
  await page.emulateMedia({ media: "screen" });
  await page.selectOption("#theme", "");
  equal(await ground(), "rgb(255, 255, 255)", "ground as the system has it");
  equal(await page.$$eval("*", (all) => all.filter((e) => getComputedStyle(e).transitionDuration !== "0s" || getComputedStyle(e).animationName !== "none").length), 0, "elements that move");
};
