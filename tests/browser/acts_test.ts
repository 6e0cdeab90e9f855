import { assertEquals } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { violationsIn } from "./support/accessibility.ts";
import { enter, registerName, say, seeField, seeMessage } from "./support/browser.ts";
import { openBrowser } from "./support/test_browser.ts";

const PICTURES = Deno.env.get("PARTYLINE_PICTURES");

Deno.test("a message is answered, reacted to, quoted, copied and pinned by menu and by keys", async () => {
  await using server = await ServerProcess.start({ args: ["--web", "http://127.0.0.1:0"] });
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, server.web, "ann");
  const jack = await LineClient.enter(server.ports[1], "jack");
  await jack.send("the disk is full");
  await seeMessage(page, "the disk is full");
  const message = page.locator('article:has-text("the disk is full")').first();
  const menuOf = async (item: string) => {
    await message.hover();
    await message.getByRole("button", { name: /^Actions for/ }).click();
    await page.getByRole("menuitem", { name: item, exact: true }).click();
  };

  await menuOf("Reply");
  await page.getByText("Replying to jack").waitFor();
  await page.waitForFunction(() => document.activeElement?.id === "message");
  await page.keyboard.press("Escape");
  await page.getByText("Replying to jack").waitFor({ state: "detached" });
  await menuOf("Reply");
  await say(page, "yes, since noon");
  const answered = page.locator("a.answered");
  await answered.waitFor();
  assertEquals(await answered.textContent(), "In answer to #3 jack the disk is full");
  await jack.expect("<ann> [#3 <jack> the disk is full] yes, since noon");

  await menuOf("React 🎉");
  const chip = message.getByRole("button", { name: "🎉 1: ann" });
  await chip.waitFor();
  assertEquals(await chip.getAttribute("aria-pressed"), "true");
  await jack.send("/react #3 tada");
  await message.getByRole("button", { name: "🎉 2: ann, jack" }).click();
  const rest = message.getByRole("button", { name: "🎉 1: jack" });
  await rest.waitFor();
  assertEquals(await rest.getAttribute("aria-pressed"), "false");

  await message.press("1");
  await message.getByRole("button", { name: "👍 1: ann" }).waitFor();
  await message.press("q");
  const field = page.getByLabel("Message #lobby");
  await seeField(field, "> jack:\n> the disk is full\n");
  await field.fill("");
  await message.press("k");
  await page.getByText("pinned #3").first().waitFor();
  if (PICTURES) await page.screenshot({ path: `${PICTURES}/acts.png` });

  assertEquals(await violationsIn(page), []);
  await page.reload();
  await page.locator('article:has-text("the disk is full") .reactions').first().waitFor();
  await page.locator("a.answered").waitFor();
  await page.getByRole("button", { name: "About this room" }).click();
  const pinned = page.getByRole("dialog").getByRole("link", { name: "#3 jack: the disk is full" });
  await pinned.waitFor();
  if (PICTURES) await page.screenshot({ path: `${PICTURES}/pins.png` });
  await pinned.click();
  await page.locator('.is-target[data-seq="3"]').waitFor();
  assertEquals(trouble, []);
  await jack.close();
});

Deno.test("the event that a phone sends for a long press opens the menu of a message", async () => {
  await using server = await ServerProcess.start({ args: ["--web", "http://127.0.0.1:0"] });
  await using browser = await openBrowser();
  const phone = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };
  const { page, trouble } = await enter(browser, server.web, "ann", phone);
  const jack = await LineClient.enter(server.ports[1], "jack");
  await jack.send("the disk is full");
  await seeMessage(page, "the disk is full");
  const text = page.locator(".message .body", { hasText: "the disk is full" });
  // Without a display, Chromium does not recognize long presses.
  const isTaken = await text.evaluate((element) => {
    const init = { pointerType: "touch", bubbles: true, cancelable: true };
    return !element.dispatchEvent(new PointerEvent("contextmenu", init));
  });
  assertEquals(isTaken, true);
  await page.getByRole("menuitem", { name: "Reply", exact: true }).tap();
  await page.getByText("Replying to jack").waitFor();
  assertEquals(trouble, []);
  await jack.close();
});

Deno.test("private messages are answered and reacted to, where they are kept", async (test) => {
  await using server = await ServerProcess.start({ args: ["--web", "http://127.0.0.1:0"] });
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, server.web, "ann");
  const jack = await LineClient.enter(server.ports[1], "jack");
  const message = page.locator("article", { hasText: "lunch?" }).first();
  const open = async () => {
    await message.hover();
    await message.getByRole("button", { name: /^Actions for/ }).click();
    await page.getByRole("menuitem", { name: "Quote" }).waitFor();
  };

  await test.step("what is not kept can be quoted and copied", async () => {
    await jack.send("/msg ann lunch?");
    await page.getByRole("button", { name: "@ jack 1 unread" }).click();
    await open();
    assertEquals(await page.getByRole("menuitem").allTextContents(), [
      "Quote",
      "Copy text",
      "Ignore jack",
    ]);
    await page.getByRole("menuitem", { name: "Quote" }).click();
    await seeField(page.getByLabel("Message jack"), "> jack:\n> lunch?\n");
    await page.getByLabel("Message jack").fill("");
    await page.getByRole("button", { name: "Close conversation" }).click();
  });

  await test.step("what is kept can be answered and reacted to", async () => {
    await registerName(page);
    await jack.send("/register", "correct horse", "correct horse", "/msg ann lunch?");
    await page.getByRole("button", { name: "@ jack 1 unread" }).click();
    await open();
    await page.getByRole("menuitem", { name: "Reply", exact: true }).click();
    await say(page, "at noon");
    await jack.expect("ann -> you: [#1 <jack> lunch?] at noon");
    const answered = page.locator("a.answered");
    assertEquals(await answered.textContent(), "In answer to #1 jack lunch?");
    await answered.click();
    await page.locator('.is-target[data-seq="1"]').waitFor();
    await message.press("1");
    await message.getByRole("button", { name: "👍 1: ann" }).waitFor();
    await jack.expect("* ann reacted with 👍 to your @ann#1");
    await jack.send("/react @ann#1 +1");
    await message.getByRole("button", { name: "👍 2: ann, jack" }).waitFor();
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/private_acts.png` });
    assertEquals(await violationsIn(page), []);
  });
  assertEquals(trouble, []);
  await jack.close();
});
