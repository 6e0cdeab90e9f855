/** One Chromium for all tests of a file, because launching it takes longer than most of them. */

import type { Browser } from "playwright-core";
import { type Contexts, launchBrowser } from "./browser.ts";

let running: Browser | undefined;

Deno.test.afterAll(async () => {
  await running?.close();
});

/** The browser for one test. Its pages share nothing with those of other tests. */
export async function openBrowser(): Promise<Contexts & AsyncDisposable> {
  // It may have crashed.
  if (!running?.isConnected()) running = await launchBrowser();
  const browser = running;
  return {
    newContext: (options) => browser.newContext(options),
    async [Symbol.asyncDispose]() {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
  };
}
