/**
 * What a browser does for the page's logic.
 *
 * @module
 */

import type { Preferences } from "./preferences.ts";

export interface Surroundings {
  /** Whether somebody can see the page. */
  isLookedAt(): boolean;
  /** Makes the address bar say where one is; `isNew`: so that one can go back. */
  showPath(path: string, isNew: boolean): void;
  /** Tells somebody who does not see the page. */
  notify(notification: NotificationText): void;
  /** Tells somebody who does not see the screen. */
  announce(text: string): void;
  /** The session of whichever tab was the last to connect under this name. */
  latestSession(name: string): string | undefined;
  savePreferences(preferences: Preferences): void;
  /** Something is to be drawn anew. */
  changed(): void;
}

export interface NotificationText {
  readonly title: string;
  readonly text: string;
  onClick(): void;
}
