import { assert, assertEquals } from "@std/assert";
import { ServerProcess } from "../support/server_process.ts";
import { readStoredEvents } from "../support/stored_log.ts";
import { violationsIn } from "./support/accessibility.ts";
import { enter, seeMessage } from "./support/browser.ts";
import { openBrowser } from "./support/test_browser.ts";

const WEB = ["--web", "http://127.0.0.1:0"];

Deno.test("Shift+Enter and a pasted text are one message, formatted, with code to copy", async () => {
  await using server = await ServerProcess.start({ args: WEB });
  await using browser = await openBrowser();
  const ann = await enter(browser, server.web, "ann");
  const bob = await enter(browser, server.web, "bob");
  const { page } = ann;
  const field = page.locator("#message");
  await field.focus();
  await page.keyboard.type("first **line**");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("/quit *now*");
  await page.keyboard.press("Enter");
  await seeMessage(bob.page, "/quit now");
  const code = ["if (x) {", "  <b>y</b> = `z`;", "}"].join("\n");
  await field.evaluate((element, text) => {
    // As a paste does.
    (element as HTMLTextAreaElement).focus();
    document.execCommand("insertText", false, text);
  }, `see \`main.c\`:\n\`\`\`c\n${code}\n\`\`\`\n`);
  await page.keyboard.press("Enter");
  const message = bob.page.locator(".message.is-message").nth(1);
  await message.locator("pre").waitFor();
  assertEquals(await message.locator("pre").textContent(), code);
  assertEquals(await message.locator(":not(pre) > code").textContent(), "main.c");
  assertEquals(await message.locator(".code-block b").count(), 0);
  const first = bob.page.locator(".message.is-message").first();
  assertEquals(await first.locator("strong").textContent(), "line");
  assertEquals(await first.locator("em").textContent(), "now");
  assertEquals(await first.locator(".body").textContent(), "first line\n/quit now");
  await bob.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await message.getByRole("button", { name: "Copy the code" }).click();
  await message.getByRole("button", { name: "Copied the code" }).waitFor();
  assertEquals(await bob.page.evaluate(() => navigator.clipboard.readText()), code);
  const stored = readStoredEvents(server.data).filter(({ kind }) => kind === "message");
  assertEquals(stored.map(({ body }) => body), [
    "first **line**\n/quit *now*",
    `see \`main.c\`:\n\`\`\`c\n${code}\n\`\`\``,
  ]);
  assertEquals([...ann.trouble, ...bob.trouble], []);
});

Deno.test("only code that is too wide is reached with Tab, and the message's menu covers no button", async () => {
  await using server = await ServerProcess.start({ args: WEB });
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, server.web, "ann");
  const { keyboard } = page;
  const wide = "w".repeat(500);
  for (const text of ["before", "```\nlet x = 1\n```", "after"]) {
    await page.locator("#message").fill(text);
    await keyboard.press("Enter");
    await seeMessage(page, text.replaceAll(/`{3}\n?|\n/g, ""));
  }
  const label = () => page.evaluate(() => document.activeElement!.getAttribute("aria-label"));
  const text = () =>
    page.evaluate(() => document.activeElement!.querySelector(".body")!.textContent);
  await keyboard.press("Shift+Tab");
  assertEquals(await label(), "Messages in #lobby");
  await keyboard.press("ArrowUp");
  await keyboard.press("ArrowUp");
  await keyboard.press("Tab");
  assertEquals(await label(), "Copy the code");
  const copy = (await page.locator(".code-block button").boundingBox())!;
  const dots = (await page.locator(".message:focus-within .more").boundingBox())!;
  assert(copy.x + copy.width <= dots.x, "the dots cover the button that copies");
  // From within a message, the arrows go to its neighbours.
  await keyboard.press("ArrowUp");
  assertEquals(await text(), "before");
  await page.locator("#message").fill(`\`\`\`\n${wide}\n\`\`\``);
  await keyboard.press("Enter");
  await seeMessage(page, wide);
  assertEquals(await violationsIn(page), []);
  await keyboard.press("Shift+Tab");
  assertEquals(await label(), "Code");
  await keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.activeElement!.scrollLeft > 0);
  assertEquals(trouble, []);
});

Deno.test("A long message is folded until all of it is asked for, and one that is too long is not sent", async () => {
  await using server = await ServerProcess.start({ args: WEB });
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, server.web, "ann");
  const field = page.locator("#message");
  const lines = Array.from({ length: 57 }, (_, number) => `line ${number}`);
  await field.fill(lines.join("\n"));
  await field.press("Enter");
  const message = page.locator(".message.is-message").first();
  const button = message.getByRole("button", { name: "Show all 57 lines" });
  await button.waitFor();
  const shown = async () => (await message.locator(".body").innerText()).split("\n");
  assertEquals((await shown()).slice(11), ["line 11", "Show all 57 lines"]);
  await button.click();
  assertEquals(await shown(), lines);
  const long = "x\n".repeat(201).trimEnd();
  await field.fill(long);
  const hint = page.locator("#message-hint");
  assertEquals(
    await hint.textContent(),
    "A message may have up to 200 lines; this one has 201.",
  );
  await field.press("Enter");
  assertEquals(await field.inputValue(), long);
  assertEquals(trouble, []);
});
