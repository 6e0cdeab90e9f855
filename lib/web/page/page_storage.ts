/**
 * What the page stores in the browser: for its tab in session storage, so that a reload changes
 * nothing, and for the device in local storage.
 *
 * @module
 */

import { storageKey } from "./base.ts";
import type { ClientState } from "./client_state.ts";
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
/** Copies of the rooms: in session storage, and in local storage if the user keeps them. */
const COPIES = storageKey("partyline-copies");
/** Local storage key of the session that a kept copy belongs to. */
const KEPT = storageKey("partyline-kept");
/** The latest ones, because the storage is limited. */
const MAX_CONVERSATIONS = 30;

export class PageStorage {
  readonly preferences = parsePreferences(localStorage.getItem(PREFERENCES));
  /** The private conversations of before a reload. */
  readonly conversations = parseConversations(sessionStorage.getItem(CONVERSATIONS));
  #remembered: string | undefined;
  #saved: readonly SavedConversation[] = [];

  /** The session of this tab or, in a new one without a connection, the one kept on this device. */
  get session(): SavedSession | undefined {
    const own = parseSavedSession(sessionStorage.getItem(REMEMBERED));
    if (own) return { ...own, copies: parseCopies(sessionStorage.getItem(COPIES)) };
    const mayKeep = this.preferences.isKeeping &&
      (!navigator.onLine || matchMedia("(display-mode: standalone)").matches);
    const kept = mayKeep ? parseSavedSession(localStorage.getItem(KEPT)) : undefined;
    return kept && { ...kept, copies: parseCopies(localStorage.getItem(COPIES)) };
  }

  /** The session of the tab that connected last under this name. */
  latestSession(name: string): string | undefined {
    const latest = parseSavedSession(localStorage.getItem(LATEST));
    return latest?.name === name ? latest.session : undefined;
  }

  savePreferences(preferences: Preferences): void {
    localStorage.setItem(PREFERENCES, JSON.stringify(preferences));
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
      sessionStorage.setItem(REMEMBERED, text);
      const { name, session } = remembered;
      localStorage.setItem(LATEST, JSON.stringify({ name, session, rooms: [], unsent: [] }));
    }
    const unkept = conversations.filter(({ room }) => room === undefined);
    const saved = unkept.slice(-MAX_CONVERSATIONS).map(({ saved }) => saved);
    const old = this.#saved;
    if (saved.length === old.length && saved.every((each, at) => each === old[at])) return;
    this.#saved = saved;
    sessionStorage.setItem(CONVERSATIONS, JSON.stringify(saved));
  }

  /** Saves what a page without a connection shows: only on leaving it, because it is large. */
  keepCopies({ rooms, limits, remembered }: ClientState, { isKeeping }: Preferences): void {
    const copies = JSON.stringify(copyRooms(rooms));
    sessionStorage.setItem(COPIES, copies);
    if (!isKeeping || limits === undefined) return;
    localStorage.setItem(COPIES, copies);
    localStorage.setItem(KEPT, JSON.stringify(remembered));
  }

  /** Forgets what is kept, because the user has left. */
  forgetCopies(): void {
    sessionStorage.removeItem(COPIES);
    this.#forgetKept();
  }

  #forgetKept(): void {
    localStorage.removeItem(COPIES);
    localStorage.removeItem(KEPT);
  }
}
