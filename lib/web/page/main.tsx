/**
 * The page's entry point: connects the client and the page's logic to the browser.
 *
 * @module
 */

import { h, render } from "preact";
import { systemClock } from "../../clock.ts";
import { App } from "./app.ts";
import { addressOf, siteUrl, storageKey } from "./base.ts";
import { Client } from "./client.ts";
import { copyToClipboard } from "./clipboard.ts";
import { Page } from "./components/page.tsx";
import { handlePageKey } from "./keyboard.ts";
import { registerWorker, showByWorker } from "./offline.ts";
import { parsePreferences, type Theme } from "./preferences.ts";
import { parseConversations, type SavedConversation } from "./private_conversation.ts";
import { copyRooms, parseCopies } from "./room_copy.ts";
import { parseSavedSession, type SavedSession } from "./saved_session.ts";
import { playTone } from "./sound.ts";
import { parseRoute, type Route } from "./route.ts";

/** Session storage key of this tab's session, and local storage key of the latest one of any tab. */
const REMEMBERED = storageKey("partyline");
const LATEST = storageKey("partyline-latest");
const PREFERENCES = storageKey("partyline-preferences");
/** Session storage key of this tab's private conversations. */
const CONVERSATIONS = storageKey("partyline-conversations");
/** Copies of the rooms: in session storage, and in local storage if the user keeps them. */
const COPIES = storageKey("partyline-copies");
/** Local storage key of the session that a kept copy belongs to. */
const KEPT = storageKey("partyline-kept");
/** The latest ones, because the storage is limited. */
const MAX_CONVERSATIONS = 30;

const root = document.getElementById("app")!;
const live = document.getElementById("live")!;
const preferences = parsePreferences(localStorage.getItem(PREFERENCES));
let badge = 0;
let isRenderScheduled = false;
let rememberedText: string | undefined;
let rememberedConversations: readonly SavedConversation[] = [];

const app = new App({
  createClient: (onChange) =>
    new Client({
      url: new URL(addressOf("/ws"), location.href.replace(/^http/, "ws")).href,
      openSocket: (url) => new WebSocket(url),
      clock: systemClock,
      random: Math.random,
      remembered: rememberedSession(),
      onChange,
    }),
  preferences,
  conversations: parseConversations(sessionStorage.getItem(CONVERSATIONS)),
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
    latestSession(name) {
      const latest = parseSavedSession(localStorage.getItem(LATEST));
      return latest?.name === name ? latest.session : undefined;
    },
    savePreferences(preferences) {
      localStorage.setItem(PREFERENCES, JSON.stringify(preferences));
      if (!preferences.isKeeping) forgetKept();
      applyTheme(preferences.theme);
    },
    scheduleRender,
  },
});

/** The session of this tab or, in a new one without a connection, the one kept on this device. */
function rememberedSession(): SavedSession | undefined {
  const own = parseSavedSession(sessionStorage.getItem(REMEMBERED));
  if (own) return { ...own, copies: parseCopies(sessionStorage.getItem(COPIES)) };
  const mayKeep = preferences.isKeeping &&
    (!navigator.onLine || matchMedia("(display-mode: standalone)").matches);
  const kept = mayKeep ? parseSavedSession(localStorage.getItem(KEPT)) : undefined;
  return kept && { ...kept, copies: parseCopies(localStorage.getItem(COPIES)) };
}

/** Saves what a page without a connection shows: on leaving it, because it is much. */
function keepCopies(): void {
  const { state, status } = app.client;
  if (status.type === "ended" && status.reason === "quit") {
    sessionStorage.removeItem(COPIES);
    return forgetKept();
  }
  const copies = JSON.stringify(copyRooms(state.rooms));
  sessionStorage.setItem(COPIES, copies);
  if (!app.preferences.isKeeping || state.limits === undefined) return;
  localStorage.setItem(COPIES, copies);
  localStorage.setItem(KEPT, JSON.stringify(state.remembered));
}

function forgetKept(): void {
  localStorage.removeItem(COPIES);
  localStorage.removeItem(KEPT);
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
  remember();
  rememberConversations();
}

/** On the icon of an installed page. */
function showBadge(): void {
  const { urgent } = app.attention;
  if (urgent === badge) return;
  badge = urgent;
  navigator.setAppBadge?.(urgent).catch(() => {});
}

function remember(): void {
  const { remembered } = app.client.state;
  const text = JSON.stringify(remembered);
  if (text === rememberedText) return;
  rememberedText = text;
  sessionStorage.setItem(REMEMBERED, text);
  const { name, session } = remembered;
  localStorage.setItem(LATEST, JSON.stringify({ name, session, rooms: [], unsent: [] }));
}

function rememberConversations(): void {
  const unkept = app.places.conversations.filter(({ room }) => room === undefined);
  const saved = unkept.slice(-MAX_CONVERSATIONS).map(({ saved }) => saved);
  const old = rememberedConversations;
  if (saved.length === old.length && saved.every((each, at) => each === old[at])) return;
  rememberedConversations = saved;
  sessionStorage.setItem(CONVERSATIONS, JSON.stringify(saved));
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
addEventListener("storage", ({ key, newValue }) => {
  if (key !== PREFERENCES) return;
  const { theme } = app.preferences = parsePreferences(newValue);
  applyTheme(theme);
  scheduleRender();
});

// Remove the static placeholder, which Preact would otherwise try to reuse.
root.replaceChildren();
// A reloaded tab keeps its name and rooms.
app.entrance.resume();
renderPage();
registerWorker();
