/**
 * What a person is shown, whatever their front door: lines on a terminal, JSON in a browser.
 *
 * Commands and rooms speak to a {@linkcode Screen}; each front door has one of its own.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import type { EventRun, RoomStream } from "../../domain/room_stream.ts";
import type { SearchHit } from "../../domain/search.ts";
import type { PersonalSettings } from "./personal_settings.ts";

/** Who looks at a screen. */
export interface Viewer {
  readonly nickname: string;
  /** How the viewer comes in, e.g. `telnet`. */
  readonly via: string;
  /** Of what the viewer causes. */
  readonly origin: number;
  /** The room that is talked in. */
  readonly currentRoom: RoomStream | undefined;
  /** Keys of the names whose words are not shown. */
  readonly ignored: ReadonlySet<string>;
}

/** Whether an event is hidden from somebody who ignores names. New names are always shown. */
export function isIgnored({ kind, from }: RoomEvent, ignored: ReadonlySet<string>): boolean {
  return ignored.size > 0 && kind !== "nick" && ignored.has(nameKey(from));
}

/** What one person says to another, which is not stored. */
export interface PrivateMessage {
  readonly from: string;
  readonly to: string;
  /** Valid Unicode in NFC; may hold any character. */
  readonly body: string;
}

/** Shows. Nothing here waits: where a slow reader has no room for something, that is said. */
export interface Screen {
  /** What `/set` sets, where there is anything to set. */
  readonly settings?: PersonalSettings;
  /** Places in the line being dealt with that were no text, and had to be repaired. */
  readonly repairs: number;
  /** Shows the server's own words; returns whether there was room for them. */
  notice(text: string): boolean;
  /** Shows what went wrong, and what to do instead. @param code What it was, for programs. */
  error(text: string, code?: string): void;
  /** Shows an event of the past with its number and time. */
  showNumbered(event: RoomEvent): void;
  /** Shows something of the past that was found. */
  showHit(hit: SearchHit): void;
  /** Shows what was said to the viewer, or by them; returns whether there was room for it. */
  showPrivate(message: PrivateMessage): boolean;
  /** Hears that the viewer has another name now. */
  showName(name: string): void;
  /**
   * Shows a room that the viewer has just entered: its topic, its recent past, its people.
   *
   * @param isResumed Whether the viewer knows the past, and is shown what came since by and by.
   */
  showEntry(room: RoomStream, isResumed: boolean): void;
  /** Hears that the viewer has left a room. */
  showExit(room: RoomStream): void;
  /** Shows how many came and went in a room that is too large to name them. */
  showCrowd(room: string, joined: number, left: number): void;
  /** Shows a run of one room's events whole, or returns `false` and shows nothing of it. */
  showEvents(room: RoomStream, events: EventRun): boolean;
  /** Hears that a viewer who was behind has been shown all that happened until now. */
  showLive?(): void;
  /** Resolves to whether it goes on, once much of what was shown has been read. */
  ready(): Promise<boolean>;
  /** Resolves to whether it goes on, once all of it has been read. */
  drained(): Promise<boolean>;
  /** Ends the session, once what was shown has been read. */
  end(): void;
}
