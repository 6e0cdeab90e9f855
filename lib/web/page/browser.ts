/**
 * The functions of the browser that the page's logic needs.
 *
 * @module
 */

import type { Preferences } from "./preferences.ts";

export interface Browser {
  /** Whether the page is visible and has the focus. */
  isActive(): boolean;
  /** Shows a path in the address bar; `isNew` adds an entry to the tab's history. */
  showPath(path: string, isNew: boolean): void;
  /** Shows a desktop notification. */
  notify(notification: NotificationText): void;
  /** Plays a short tone. */
  playTone(): void;
  /** Copies a text to the clipboard; resolves to whether that worked. */
  copy(text: string): Promise<boolean>;
  /** Makes screen readers say a text. */
  announce(text: string): void;
  /** The session of the tab that connected last under this name. */
  latestSession(name: string): string | undefined;
  savePreferences(preferences: Preferences): void;
  /** Renders the page in the next frame. */
  scheduleRender(): void;
}

export interface NotificationText {
  readonly title: string;
  readonly text: string;
  onClick(): void;
}
