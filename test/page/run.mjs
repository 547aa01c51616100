// Runs the checks in one browser: takes the pages by name as JSON from standard input and
// writes one result on a line for each check. With SHOTS=<folder> it leaves pictures there.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { text } from "node:stream/consumers";
import { chromium } from "playwright-core";
import packed, { inflate, setupLambdaEnvironment } from "@sparticuz/chromium";

const checks = ["alone", "axe", "catalogue", "cell", "changes", "colours", "hostile", "keyboard", "map", "print", "search", "wide"];

// launch starts the browser; where the machine lacks its libraries, on those that come with it.
const launch = async () => {
  const options = { executablePath: await packed.executablePath(), args: ["--no-sandbox"] };
  try {
    return await chromium.launch(options);
  } catch (error) {
    if (!/shared librar/.test(error.message)) throw error;
    const bin = join(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))), "..", "bin");
    setupLambdaEnvironment(join(await inflate(join(bin, "al2023.tar.br")), "lib"));
    return chromium.launch(options);
  }
};

const pages = JSON.parse(await text(process.stdin));
const browser = await launch();
for (const name of checks) {
  const problems = [], measured = [];
  // open opens a page; what it asks for and what goes wrong in it is a problem, but where
  // that is expected.
  const contexts = [];
  const open = async (which, fragment = "", { expected = false, ...options } = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
    contexts.push(context);
    const page = await context.newPage();
    const address = pathToFileURL(pages[which]).href;
    page.on("request", (request) => { if (request.url().split("#")[0] !== address && !request.url().startsWith("data:")) problems.push(`${which} asks for ${request.url()}`); });
    page.on("pageerror", (error) => problems.push(`${which}: ${error.message}`));
    page.on("console", (message) => { if (message.type() === "error" && !expected) problems.push(`${which}: ${message.text()}`); });
    page.on("dialog", (dialog) => { problems.push(`${which} opens a dialog: ${dialog.message()}`); dialog.dismiss(); });
    await page.goto(address + (fragment && "#" + fragment));
    return page;
  };
  const equal = (got, want, what) => { if (got !== want) problems.push(`${what}: got ${JSON.stringify(got)}, expected ${JSON.stringify(want)}`); };
  const ok = (held, what) => { if (!held) problems.push(what); };
  const shot = async (page, called, options) => {
    if (!process.env.SHOTS) return;
    mkdirSync(process.env.SHOTS, { recursive: true });
    await page.screenshot({ path: join(process.env.SHOTS, called + ".png"), ...options });
  };
  try {
    const check = await import(`./checks/${name}.mjs`);
    await check.default({ open, equal, ok, shot, measure: (line) => measured.push(line), problem: (line) => problems.push(line) });
  } catch (error) {
    problems.push(error.stack);
  }
  for (const context of contexts) await context.close();
  console.log(JSON.stringify({ check: name, problems, measured }));
}
await browser.close();
