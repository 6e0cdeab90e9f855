/**
 * The page's entry point: connects the client and the page's logic to the browser.
 *
 * @module
 */

import { h, render } from "preact";
import { systemClock } from "../../clock.ts";
import { App } from "./app.ts";
import { addressOf, siteUrl } from "./base.ts";
import { Client } from "./client.ts";
import { copyToClipboard } from "./clipboard.ts";
import { Page } from "./components/page.tsx";
import { handlePageKey } from "./keyboard.ts";
import { registerWorker, showByWorker } from "./offline.ts";
import { PageStorage } from "./page_storage.ts";
import type { Theme } from "./preferences.ts";
import { playTone } from "./sound.ts";
import { parseRoute, type Route } from "./route.ts";

const root = document.getElementById("app")!;
const live = document.getElementById("live")!;
const storage = new PageStorage();
let badge = 0;
let isRenderScheduled = false;

const app = new App({
  createClient: (onChange) =>
    new Client({
      url: new URL(addressOf("/ws"), location.href.replace(/^http/, "ws")).href,
      openSocket: (url) => new WebSocket(url),
      clock: systemClock,
      random: Math.random,
      remembered: storage.session,
      onChange,
    }),
  preferences: storage.preferences,
  conversations: storage.conversations,
  drafts: storage.drafts,
  route: currentRoute(),
  description: document.querySelector<HTMLMetaElement>("meta[name=description]")!.content,
  browser: {
    isActive: () => document.visibilityState === "visible" && document.hasFocus(),
    showPath(path, isNew) {
      const address = addressOf(path);
      if (address === location.pathname + location.search) return;
      if (isNew) history.pushState(null, "", address);
      else history.replaceState(null, "", address);
    },
    notify({ title, text, onClick }) {
      if (Notification.permission !== "granted") return;
      try {
        const notification = new Notification(title, { body: text, tag: title });
        notification.onclick = () => {
          focus();
          notification.close();
          onClick();
        };
      } catch {
        void showByWorker(title, text);
      }
    },
    playTone,
    copy: copyToClipboard,
    announce(text) {
      if (text !== "") live.textContent = text;
    },
    latestSession: (name) => storage.latestSession(name),
    savePreferences(preferences) {
      storage.savePreferences(preferences);
      applyTheme(preferences.theme);
    },
    scheduleRender,
  },
});

function hasQuit(): boolean {
  const { status } = app.client;
  return status.type === "ended" && status.reason === "quit";
}

/** Saves what a page without a connection shows, and what has not been rendered yet. */
function keepCopies(): void {
  if (hasQuit()) storage.forgetCopies();
  else storage.keepCopies(app.client.state, app.preferences);
  keepTab();
}

/** Saves what a reloaded tab starts with. */
function keepTab(): void {
  storage.remember(app.client.state, app.places.conversations);
  storage.keepDrafts(hasQuit() ? [] : app.places.drafts);
}

function currentRoute(): Route {
  return parseRoute(siteUrl(new URL(location.href)) ?? new URL(location.origin));
}

/** Renders all changes once in the next frame; hidden tabs have no frames. */
function scheduleRender(): void {
  if (isRenderScheduled) return;
  isRenderScheduled = true;
  if (document.visibilityState === "visible") requestAnimationFrame(renderPage);
  else setTimeout(renderPage);
}

function renderPage(): void {
  isRenderScheduled = false;
  render(<Page app={app} />, root);
  document.title = app.attention.title;
  showBadge();
  keepTab();
}

/** On the icon of an installed page. */
function showBadge(): void {
  const { urgent } = app.attention;
  if (urgent === badge) return;
  badge = urgent;
  navigator.setAppBadge?.(urgent).catch(() => {});
}

function applyTheme(theme: Theme): void {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

addEventListener("popstate", () => app.navigator.follow(currentRoute(), false));
addEventListener("keydown", (event) => {
  if (handlePageKey(app, event)) event.preventDefault();
});
// Follow links to rooms without reloading the page.
addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey) return;
  const link = (event.target as Element).closest?.("a");
  if (!link || link.target !== "" || link.hasAttribute("download")) return;
  const url = siteUrl(new URL(link.href));
  if (!url?.pathname.startsWith("/rooms/")) return;
  event.preventDefault();
  app.navigator.follow(parseRoute(url), true);
});
addEventListener("focus", () => app.attention.markSeen());
addEventListener("pagehide", keepCopies);
addEventListener("online", () => app.client.check());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return keepCopies();
  app.client.check();
  app.attention.markSeen();
  scheduleRender();
});
addEventListener("storage", (event) => {
  const preferences = storage.preferencesIn(event);
  if (!preferences) return;
  app.preferences = preferences;
  applyTheme(preferences.theme);
  scheduleRender();
});

// Remove the static placeholder, which Preact would otherwise try to reuse.
root.replaceChildren();
// A reloaded tab keeps its name and rooms.
app.entrance.resume();
renderPage();
registerWorker();
