import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { giveName, messagesOf, openPage, seeField, seeMessage } from "./support/browser.ts";
import { openBrowser } from "./support/test_browser.ts";

const ARGS = ["--web", "http://127.0.0.1:0", "--flood-rate", "0"];

/** The name of the focused element, and whether the focus is visible. */
async function focused(page: Page): Promise<{ name: string; isSeen: boolean }> {
  return await page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    // The message field shows the focus on the frame around it.
    const frame = getComputedStyle(element.parentElement!);
    const name = element.getAttribute("aria-label") ?? element.textContent!.trim();
    const isOutlined = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    return { name, isSeen: isOutlined || frame.boxShadow !== "none" };
  });
}

/** Presses Tab until an element with that name has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press("Tab");
    if (name.test((await focused(page)).name)) return;
  }
  throw new Error(`Tab does not reach ${name}`);
}

Deno.test("everything works with the keyboard alone", async (test) => {
  await using server = await ServerProcess.start({ args: ARGS });
  const jack = await LineClient.enter(server.port, "jack");
  await jack.send("/join ops", ...Array.from({ length: 60 }, (_, number) => `line ${number}`));
  await jack.send("/join lobby");
  await jack.expect("talking in #lobby");
  await using browser = await openBrowser();
  const { page, trouble } = await openPage(browser, server.web);
  const { keyboard } = page;

  await test.step("the name field has the focus", async () => {
    await keyboard.type("ann");
    await keyboard.press("Enter");
    await page.locator("#message").waitFor();
  });

  await test.step("the message field has the focus", async () => {
    await keyboard.type("hello");
    await keyboard.press("Enter");
    await seeMessage(page, "hello");
  });

  await test.step("Tab follows the reading order with a visible focus", async () => {
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.locator(".skip").focus();
    const names: string[] = [];
    for (;;) {
      const { name, isSeen } = await focused(page);
      assert(isSeen, `the focus on ${name} is not visible`);
      names.push(name);
      if (names.length > 40 || (names.length > 1 && name === "jack" + "tcp")) break;
      await keyboard.press("Tab");
    }
    assertEquals(names, [
      "Skip to message field",
      "Browse rooms",
      "#lobby",
      "Actions for #lobby",
      "annLog in or register",
      "Settings",
      "Search",
      "Chart",
      "Export",
      "About this room",
      "Members: 2",
      "Show messages from",
      "Show messages until",
      "Go to date",
      "Messages in #lobby",
      "Message #lobby",
      "jacktcp",
    ]);
  });

  await test.step("Escape focuses the message field", async () => {
    await keyboard.press("Escape");
    assertEquals((await focused(page)).name, "Message #lobby");
  });

  await test.step("commands are completed", async () => {
    await keyboard.type("/jo");
    await page.getByRole("option", { name: "/join ROOM" }).waitFor();
    await keyboard.press("Tab");
    await keyboard.type("ops");
    await keyboard.press("Enter");
    await page.getByRole("heading", { name: "ops" }).waitFor();
    await seeMessage(page, "line 59");
    assertEquals((await focused(page)).name, "Message #ops");
  });

  await test.step("names are completed, and sent messages are recalled", async () => {
    await keyboard.type("ja");
    await keyboard.press("Tab");
    await seeField(page.locator("#message"), "jack: ");
    await keyboard.type("look at https://example.org/");
    await keyboard.press("Enter");
    await seeMessage(page, "jack: look");
    await keyboard.press("ArrowUp");
    await seeField(page.locator("#message"), "jack: look at https://example.org/");
    await keyboard.press("ArrowDown");
    await seeField(page.locator("#message"), "");
    await keyboard.type("@");
    await page.getByRole("option", { name: "jack" }).waitFor();
    await keyboard.press("Escape");
    await page.getByRole("option").waitFor({ state: "detached" });
    await keyboard.press("Backspace");
    await keyboard.type(":ta");
    await page.getByRole("option", { name: "🎉 tada" }).waitFor();
    await keyboard.press("Enter");
    await seeField(page.locator("#message"), "🎉 ");
    await page.locator("#message").fill("");
  });

  await test.step("Shift+Tab goes to the messages, and not to each of their links", async () => {
    await keyboard.press("Shift+Tab");
    assertEquals((await focused(page)).name, "Messages in #ops");
    await keyboard.press("ArrowUp");
    await keyboard.press("Tab");
    assertEquals((await focused(page)).name, "https://example.org/");
    await keyboard.press("Tab");
    assert(/^Actions for #\d+ by ann$/.test((await focused(page)).name));
    await keyboard.press("Escape");
    assertEquals((await focused(page)).name, "Message #ops");
  });

  await test.step("arrow keys move between messages, and Enter opens a message's link", async () => {
    await keyboard.press("Shift+Tab");
    assertEquals((await focused(page)).name, "Messages in #ops");
    for (let press = 0; press < 30; press++) await keyboard.press("ArrowUp");
    const seq = await page.evaluate(() => (document.activeElement as HTMLElement).dataset.seq);
    assert(Number(seq) > 1 && Number(seq) < 45, seq);
    assert((await focused(page)).isSeen);
    await keyboard.press("Enter");
    await page.locator(`.is-target[data-seq="${seq}"]`).waitFor();
    assertEquals(new URL(page.url()).pathname, `/rooms/ops/${seq}`);
    await keyboard.press("Escape");
    await keyboard.press("Escape");
    await seeMessage(page, "jack: look");
  });

  await test.step("Alt and the arrow keys switch rooms", async () => {
    await keyboard.press("Alt+ArrowUp");
    await page.getByRole("heading", { name: "lobby" }).waitFor();
    await keyboard.press("Alt+ArrowUp");
    await page.getByRole("heading", { name: "ops" }).waitFor();
  });

  await test.step("Ctrl+K opens the search, and Escape closes it", async () => {
    await keyboard.press("Control+k");
    // Switching rooms has moved the focus a frame before.
    await page.locator("input[type=search]:focus").waitFor();
    await keyboard.type("line");
    await keyboard.press("Enter");
    await page.locator(".hit a").first().waitFor();
    await keyboard.press("ArrowDown");
    assert(/#\d+$/.test((await focused(page)).name));
    await keyboard.press("ArrowUp");
    assertEquals((await focused(page)).name, "Search for");
    await keyboard.press("Escape");
    await page.locator("#message").waitFor();
  });

  await test.step("dialogs open, trap the focus, and close", async () => {
    await keyboard.press("Escape");
    await page.evaluate(() => document.querySelector<HTMLElement>(".skip")!.focus());
    await tabTo(page, /Browse rooms/);
    await keyboard.press("Enter");
    await page.locator("dialog .choices button").first().waitFor();
    assertEquals((await focused(page)).name, "Find or create a room");
    for (let press = 0; press < 12; press++) {
      await keyboard.press("Tab");
      const isInside = await page.evaluate(() =>
        document.activeElement === document.body ||
        document.querySelector("dialog")!.contains(document.activeElement)
      );
      assert(isInside, (await focused(page)).name);
    }
    await keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    assertEquals((await focused(page)).name, "Browse rooms");
  });

  await test.step("dialogs focus their first control, or themselves", async () => {
    await page.getByRole("button", { name: "Settings" }).click();
    await page.waitForFunction(() => document.activeElement?.id === "new-name");
    await page.getByRole("button", { name: "Help" }).click();
    await page.getByRole("heading", { name: "Keyboard shortcuts" }).waitFor();
    await page.waitForFunction(() => document.activeElement?.tagName === "DIALOG");
    await keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
  });

  await test.step("private messages are sent and received", async () => {
    await tabTo(page, /jacktcp/);
    await keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Message jack" }).and(page.locator(":focus"))
      .waitFor();
    await keyboard.press("Enter");
    await page.getByRole("heading", { name: "jack" }).waitFor();
    await keyboard.type("psst");
    await keyboard.press("Enter");
    await jack.expect("ann -> you: psst");
    await seeMessage(page, "psst");
    assertEquals(await messagesOf(page), ["psst"]);
  });

  assertEquals(trouble, []);
  await jack.close();
});

/** Keys of an input method as Safari reports them: the last one after the end of the composition. */
async function compose(page: Page, text: string, lastKey: string): Promise<void> {
  await page.locator("#message").evaluate((element, [text, lastKey]) => {
    const field = element as HTMLTextAreaElement;
    field.focus();
    field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
    field.value = text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true }));
    field.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: text }));
    const key = { key: lastKey, keyCode: 229, bubbles: true, cancelable: true };
    field.dispatchEvent(new KeyboardEvent("keydown", key));
  }, [text, lastKey]);
}

Deno.test("the Enter that ends a composition sends nothing, and Escape leaves nothing", async () => {
  await using server = await ServerProcess.start({ args: ARGS });
  await using browser = await openBrowser();
  const { page } = await openPage(browser, server.web);
  await giveName(page, "ann");
  await compose(page, "東京", "Enter");
  await seeField(page.locator("#message"), "東京");
  await compose(page, "東京へ", "Escape");
  await compose(page, "東京へ行く", "Enter");
  await seeField(page.locator("#message"), "東京へ行く");
  await page.keyboard.press("Enter");
  await seeMessage(page, "東京へ行く");
  assertEquals(await messagesOf(page), ["東京へ行く"]);
});

Deno.test("new messages are announced to screen readers once, and old ones are not", async () => {
  await using server = await ServerProcess.start({ args: ARGS });
  const jack = await LineClient.enter(server.port, "jack");
  await jack.send("before");
  await using browser = await openBrowser();
  const { page } = await openPage(browser, server.web);
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(globalThis, { told });
    new MutationObserver(() => told.push(document.getElementById("live")!.textContent!))
      .observe(document.getElementById("live")!, { childList: true, characterData: true });
  });
  await page.getByLabel("Your name").fill("ann");
  await page.keyboard.press("Enter");
  await seeMessage(page, "before");
  await jack.send("hello");
  await seeMessage(page, "hello");
  await jack.send("/me waves");
  await page.waitForFunction(() => (globalThis as unknown as { told: string[] }).told.length >= 2);
  assertEquals(
    await page.evaluate(() => (globalThis as unknown as { told: string[] }).told),
    ["jack: hello", "jack waves"],
  );
  await jack.close();
});
