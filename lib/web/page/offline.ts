/**
 * Registers the service worker, which opens the page without a connection.
 *
 * @module
 */

import { addressOf } from "./base.ts";

/** Its cache is filled after the page has loaded. */
const AFTER_MS = 3000;

/** Missing from TypeScript's DOM library. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): {
    createScriptURL(url: string): string;
  };
}

/** Registers it where the browser has service workers: over https, and on this machine. */
export function registerWorker(): void {
  const { serviceWorker } = navigator as Partial<Navigator>;
  if (!serviceWorker) return;
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const createScriptURL = (url: string) => url;
  const policy = trustedTypes?.createPolicy("partyline", { createScriptURL }) ??
    { createScriptURL };
  setTimeout(() => {
    // Without it, the page works only online.
    serviceWorker.register(policy.createScriptURL(addressOf("/sw.js"))).catch(() => {});
  }, AFTER_MS);
}

/** Shows a notification through the service worker, as phones want it. */
export async function showByWorker(title: string, body: string): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.showNotification(title, { body, tag: title });
}
