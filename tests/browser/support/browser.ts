/** Drives Debian's Chromium through Playwright. */

import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from "playwright-core";
import { PATIENCE_MS } from "../../support/patience.ts";

/** Debian's path. */
const PROGRAM = "/usr/bin/chromium";

/** What pages need of a browser. */
export type Contexts = Pick<Browser, "newContext">;

/** Launches a browser; close it with `await using`. @throws {Error} if Chromium is not installed. */
export async function launchBrowser(): Promise<Browser & AsyncDisposable> {
  try {
    await Deno.stat(PROGRAM);
  } catch {
    throw new Error(
      `This test needs ${PROGRAM}. On Debian: apt-get install chromium`,
    );
  }
  const browser = await chromium.launch({
    executablePath: PROGRAM,
    args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"],
  });
  return Object.assign(browser, { [Symbol.asyncDispose]: () => browser.close() });
}

/** A page and the errors in it. */
export interface WatchedPage {
  readonly page: Page;
  /** Uncaught errors, console errors and dialogs, including violations of the security policy. */
  readonly trouble: string[];
}

/** Opens a page in a new browser context. */
export async function openPage(
  browser: Contexts,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1180, height: 760 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const trouble: string[] = [];
  page.on("pageerror", (error) => trouble.push(String(error)));
  page.on("console", (message) => {
    // Some tests kill the server, perhaps while the page fetches its service worker.
    const isOutage = /ERR_CONNECTION|WebSocket|when fetching the script/.test(message.text());
    if (message.type() !== "error" || isOutage) return;
    trouble.push(message.text());
  });
  page.on("dialog", (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.goto(url);
  return { page, trouble };
}

/** Opens a page, enters a name, and waits until the room is open. */
export async function enter(
  browser: Contexts,
  url: string,
  name: string,
  options?: BrowserContextOptions,
): Promise<WatchedPage> {
  const watched = await openPage(browser, url, options);
  await giveName(watched.page, name);
  return watched;
}

/** Enters a name, and waits until a room is open. */
export async function giveName(page: Page, name: string): Promise<void> {
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Join" }).click();
  await page.locator("#message").waitFor();
}

/** The password that {@linkcode registerName} sets. */
export const PASSWORD = "correct horse battery";

/** Makes the name in use an account. */
export async function registerName(page: Page): Promise<void> {
  await page.locator(".me button").first().click();
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByRole("button", { name: "Register", exact: true }).click();
  await page.locator("dialog").waitFor({ state: "detached" });
  await page.locator(".me").getByText("logged in").waitFor();
}

/** Sends a message or command. */
export async function say(page: Page, text: string): Promise<void> {
  await page.locator("#message").fill(text);
  await page.locator("#message").press("Enter");
}

/** Waits for a message that contains `text`. @throws {Error} that says what the page shows instead. */
export async function seeMessage(page: Page, text: string): Promise<void> {
  try {
    await page.locator(".message .body", { hasText: text }).last().waitFor();
  } catch (error) {
    throw new Error(`No message "${text}": ${await pageText(page)}`, { cause: error });
  }
}

/** The address, and the first and last words that the page shows. */
async function pageText(page: Page): Promise<string> {
  const text = (await page.locator("body").innerText()).replace(/\s+/g, " ");
  return `${page.url()} shows ${text.slice(0, 400)} … ${text.slice(-400)}`;
}

/** The texts of the messages in the document, oldest first. */
export async function messagesOf(page: Page): Promise<string[]> {
  return await page.locator(".message.is-message .body").allTextContents();
}

/**
 * Waits until a field contains `text`: the page renders a moment after each key, and may put another
 * field in the place of the first.
 *
 * @throws {Error} that says what it contains instead.
 */
export async function seeField(field: Locator, text: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const value = await field.inputValue();
    if (value === text) return;
    if (performance.now() > deadline) throw new Error(`No field "${text}", but "${value}"`);
    await field.page().evaluate(() => new Promise((go) => requestAnimationFrame(go)));
  }
}
