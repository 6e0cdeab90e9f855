/**
 * What the page stores in the browser: for its tab in session storage, so that a reload changes
 * nothing, and for the device in local storage. A browser may refuse to store anything, and the page
 * works all the same.
 *
 * @module
 */

import { storageKey } from "./base.ts";
import type { ClientState } from "./client_state.ts";
import { type Drafts, parseDrafts, savedDrafts } from "./drafts.ts";
import { parsePreferences, type Preferences } from "./preferences.ts";
import {
  parseConversations,
  type PrivateConversation,
  type SavedConversation,
} from "./private_conversation.ts";
import { copyRooms, parseCopies } from "./room_copy.ts";
import { parseSavedSession, type SavedSession } from "./saved_session.ts";

/** Session storage key of this tab's session, and local storage key of the latest one of any tab. */
const REMEMBERED = storageKey("partyline");
const LATEST = storageKey("partyline-latest");
const PREFERENCES = storageKey("partyline-preferences");
/** Session storage key of this tab's private conversations. */
const CONVERSATIONS = storageKey("partyline-conversations");
/** Session storage key of what is being written in this tab. */
const DRAFTS = storageKey("partyline-drafts");
/** Copies of the rooms: in session storage, and in local storage if the user keeps them. */
const COPIES = storageKey("partyline-copies");
/** Local storage key of the session that a kept copy belongs to. */
const KEPT = storageKey("partyline-kept");
/** The latest ones, because the storage is limited. */
const MAX_CONVERSATIONS = 30;

/** One of the browser's storages. Nothing is kept where that is not possible. */
class SafeStorage {
  readonly #name: "localStorage" | "sessionStorage";

  constructor(name: "localStorage" | "sessionStorage") {
    this.#name = name;
  }

  read(key: string): string | null {
    try {
      return globalThis[this.#name].getItem(key);
    } catch {
      return null;
    }
  }

  /** Keeps a text; `undefined` forgets the one that is kept. */
  write(key: string, text?: string): void {
    try {
      const storage = globalThis[this.#name];
      if (text === undefined) storage.removeItem(key);
      else storage.setItem(key, text);
    } catch {
      // Blocked, or full.
    }
  }
}

const device = new SafeStorage("localStorage");
const tab = new SafeStorage("sessionStorage");

export class PageStorage {
  readonly preferences = parsePreferences(device.read(PREFERENCES));
  /** The private conversations of before a reload. */
  readonly conversations = parseConversations(tab.read(CONVERSATIONS));
  readonly drafts = parseDrafts(tab.read(DRAFTS));
  #remembered: string | undefined;
  #savedDrafts = "";
  #saved: readonly SavedConversation[] = [];

  /** The session of this tab or, in a new one without a connection, the one kept on this device. */
  get session(): SavedSession | undefined {
    const own = parseSavedSession(tab.read(REMEMBERED));
    if (own) return { ...own, copies: parseCopies(tab.read(COPIES)) };
    const mayKeep = this.preferences.isKeeping &&
      (!navigator.onLine || matchMedia("(display-mode: standalone)").matches);
    const kept = mayKeep ? parseSavedSession(device.read(KEPT)) : undefined;
    return kept && { ...kept, copies: parseCopies(device.read(COPIES)) };
  }

  /** The session of the tab that connected last under this name. */
  latestSession(name: string): string | undefined {
    const latest = parseSavedSession(device.read(LATEST));
    return latest?.name === name ? latest.session : undefined;
  }

  savePreferences(preferences: Preferences): void {
    device.write(PREFERENCES, JSON.stringify(preferences));
    if (!preferences.isKeeping) this.#forgetKept();
  }

  /** What another tab has saved; `undefined` if the event is about something else. */
  preferencesIn({ key, newValue }: StorageEvent): Preferences | undefined {
    return key === PREFERENCES ? parsePreferences(newValue) : undefined;
  }

  /** Saves the session and the conversations, if they have changed. */
  remember({ remembered }: ClientState, conversations: readonly PrivateConversation[]): void {
    const text = JSON.stringify(remembered);
    if (text !== this.#remembered) {
      this.#remembered = text;
      tab.write(REMEMBERED, text);
      const { name, session } = remembered;
      device.write(LATEST, JSON.stringify({ name, session, rooms: [], unsent: [] }));
    }
    const unkept = conversations.filter(({ room }) => room === undefined);
    const saved = unkept.slice(-MAX_CONVERSATIONS).map(({ saved }) => saved);
    const old = this.#saved;
    if (saved.length === old.length && saved.every((each, at) => each === old[at])) return;
    this.#saved = saved;
    tab.write(CONVERSATIONS, JSON.stringify(saved));
  }

  /** Saves what is being written, if it has changed. */
  keepDrafts(drafts: Drafts): void {
    const text = JSON.stringify(savedDrafts(drafts));
    if (text !== this.#savedDrafts) tab.write(DRAFTS, this.#savedDrafts = text);
  }

  /** Saves what a page without a connection shows: only on leaving it, because it is large. */
  keepCopies({ rooms, limits, remembered }: ClientState, { isKeeping }: Preferences): void {
    const copies = JSON.stringify(copyRooms(rooms));
    tab.write(COPIES, copies);
    if (!isKeeping || limits === undefined) return;
    device.write(COPIES, copies);
    device.write(KEPT, JSON.stringify(remembered));
  }

  /** Forgets what is kept, because the user has left. */
  forgetCopies(): void {
    tab.write(COPIES);
    this.#forgetKept();
  }

  #forgetKept(): void {
    device.write(COPIES);
    device.write(KEPT);
  }
}
