/** Debian's Chromium, driven through the devtools protocol. */

import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type ElementHandle,
  type Locator,
  type Page,
} from "playwright-core";

/** Where Debian puts it. */
const PROGRAM = "/usr/bin/chromium";
/** What does not happen in so long does not happen at all. */
const PATIENCE_MS = 15_000;

/** A browser, to be closed with `await using`. @throws {Error} naming what to install. */
export async function launchBrowser(): Promise<Browser & AsyncDisposable> {
  try {
    await Deno.stat(PROGRAM);
  } catch {
    throw new Error(
      `This test needs ${PROGRAM}, which is not installed: on Debian, apt-get install chromium.`,
    );
  }
  const browser = await chromium.launch({
    executablePath: PROGRAM,
    args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"],
  });
  return Object.assign(browser, { [Symbol.asyncDispose]: () => browser.close() });
}

/** A page, and everything that went wrong in it. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors, and violations of the content security policy. */
  readonly trouble: string[];
}

/** Opens a page in a profile of its own. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1180, height: 760 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const trouble: string[] = [];
  page.on("pageerror", (error) => trouble.push(String(error)));
  page.on("console", (message) => {
    // A server that is gone is what some tests are about.
    if (message.type() !== "error" || /ERR_CONNECTION|WebSocket/.test(message.text())) return;
    trouble.push(message.text());
  });
  page.on("dialog", (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.goto(url);
  return { page, trouble };
}

/** Opens a page, gives a name, and waits to be in the room. */
export async function enter(
  browser: Browser,
  url: string,
  name: string,
  options?: BrowserContextOptions,
): Promise<WatchedPage> {
  const watched = await openPage(browser, url, options);
  await giveName(watched.page, name);
  return watched;
}

/** Gives a name and waits to be in a room. */
export async function giveName(page: Page, name: string): Promise<void> {
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Enter" }).click();
  await page.locator("#message").waitFor();
}

/** Says something in the current place. */
export async function say(page: Page, text: string): Promise<void> {
  await page.locator("#message").fill(text);
  await page.locator("#message").press("Enter");
}

/** The message with that text, once it is there. */
export async function seeMessage(page: Page, text: string): Promise<void> {
  await page.locator(".message .body", { hasText: text }).last().waitFor();
}

/** What people have said, as far as it is in the document, from the oldest. */
export async function messagesOf(page: Page): Promise<string[]> {
  return await page.locator(".message.is-message .body").allTextContents();
}

/** Waits until a field has that text in it: what the page answers to a key, it draws a moment later. */
export async function seeField(field: Locator, text: string): Promise<void> {
  const element = await field.elementHandle() as ElementHandle<HTMLInputElement>;
  await field.page().waitForFunction(
    ([input, wanted]) => input.value === wanted,
    [
      element,
      text,
    ] as const,
  );
}
