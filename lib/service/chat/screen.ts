/**
 * The screen of a person, by any door: lines on a terminal, JSON in a browser.
 *
 * Commands and rooms write to a {@linkcode Screen}; each door implements it.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { Cause, Draft, RoomEvent } from "../../domain/room_event.ts";
import type { EventRun, RoomStream } from "../../domain/rooms/room_stream.ts";
import type { SearchHit } from "../../domain/search/search.ts";
import type { DirectConversation } from "./direct/direct_conversation.ts";
import type { Marks } from "./person_store.ts";
import type { UnreadRooms } from "./unread_rooms.ts";
import type { PersonalSettings } from "./personal_settings.ts";

/** The person who looks at a screen. */
export interface Viewer {
  readonly nickname: string;
  /** How the viewer is connected, e.g. `telnet`. */
  readonly via: string;
  /** The origin of events that the viewer causes. */
  readonly origin: number;
  /** The room that lines without a command go to. */
  readonly currentRoom: RoomStream | undefined;
  /** Keys of ignored names. */
  readonly ignored: ReadonlySet<string>;
  /** The room whose log lines are shown through a filter, and not with its other events. */
  readonly followedLog?: string;
}

/**
 * Whether an event is hidden from somebody who ignores names. New names and redactions are always
 * shown.
 */
export function isIgnored({ kind, from }: RoomEvent, ignored: ReadonlySet<string>): boolean {
  if (ignored.size === 0 || kind === "nick" || kind === "redaction") return false;
  return ignored.has(nameKey(from));
}

/** A message from one person to another. */
export interface PrivateMessage {
  readonly from: string;
  readonly to: string;
  /** Valid Unicode in NFC; may hold any character. */
  readonly body: string;
  /** The fields that a door stores with it. */
  readonly fields?: Draft["fields"];
  /** Tells one message from another; present if it is not kept. */
  readonly messageId?: string;
  /** When it was sent, in milliseconds since 1970; present if it is not kept. */
  readonly at?: number;
  /** Present if it is kept, because both have an account. */
  readonly kept?: KeptMessage;
}

/** Those in a room who keep order there, or also those with a voice. */
export type Sign = "@" | "+";

/** A text for those in a room who have a sign. Nobody keeps it. */
export interface SignedNotice {
  /** The sender's nickname. */
  readonly from: string;
  readonly room: string;
  readonly sign: Sign;
  readonly kind: "message" | "action";
  readonly body: string;
  readonly fields?: Draft["fields"];
  /** Tells it from others. */
  readonly id: string;
  /** When it was sent, in milliseconds since 1970. */
  readonly at: number;
  /** All of it as a sentence. */
  readonly words: string;
}

/** Tags that come without a text, such as that somebody is typing. Nobody keeps them. */
export interface TagNotice {
  /** The sender's nickname. */
  readonly from: string;
  /** Where they are sent to; absent if it is the viewer alone. */
  readonly room?: string;
  /** Whom there they are meant for, if it is not everybody. */
  readonly sign?: Sign;
  readonly tags: readonly (readonly [string, string])[];
  /** Tells it from others. */
  readonly id: string;
}

/** A private message that is kept. */
export interface KeptMessage {
  /** The event of the message in the room of the two. */
  readonly event: RoomEvent;
  /** Name of the other account. */
  readonly partner: string;
  /** When the other account was created, in milliseconds since 1970; absent if it was removed. */
  readonly since?: number;
  /** Whether the viewer wrote it, in whichever session. */
  readonly isOwn: boolean;
}

/** Shows things without waiting. Methods say whether a slow reader had room for something. */
export interface Screen {
  /** What `/set` sets; absent if there is nothing to set. */
  readonly settings?: PersonalSettings;
  /** How far the viewer has read each room, if the server keeps that. */
  readonly marks?: Marks;
  /** Takes how far the viewer had read each room on earlier visits. */
  recallMarks?(marks: Marks): void;
  /** What {@linkcode recallMarks} took, if the server tells what came after. */
  readonly recalledMarks?: Marks;
  /**
   * Takes the preferences of the viewer's account, as JSON; `""` if there are none, `undefined` if
   * they cannot be read.
   */
  recallPreferences?(preferences: string | undefined): void;
  /** Shows the preferences, after another session has changed them. */
  showPreferences?(): void;
  /** Forgets how far the viewer has read, and their preferences. */
  forgetMarks?(): void;
  /** Whether the viewer has read what is shown; otherwise their client says how far they have. */
  readonly isReadWhenShown?: boolean;
  /** Places in the current line that were not valid UTF-8 and were repaired. */
  readonly repairs: number;
  /** Called before and after a command answers; a long answer may be shown in pages. */
  beginAnswer?(): void;
  endAnswer?(): void;
  /**
   * Asks for a password, and hides it where that is possible; resolves to `undefined` if the viewer
   * gives none. Absent where passwords come in another way.
   */
  askSecret?(question: string): Promise<string | undefined>;
  /** Called when the viewer has logged in or out, or the account has changed. */
  showAccount?(): void;
  /** Shows a line of the server's; returns whether there was room for it. */
  notice(text: string): boolean;
  /** Shows what went wrong and what to do instead. @param code For programs. */
  error(text: string, code?: string): void;
  /**
   * Shows a past event with its number and time.
   *
   * @param room Names its room, if that is not the viewer's current one.
   */
  showNumbered(event: RoomEvent, room?: string): void;
  /**
   * Shows a search hit.
   *
   * @param isApart Whether to set it apart from the hit before it.
   * @param isHere Whether all hits are of the viewer's current room, which need not be named.
   */
  showHit(hit: SearchHit, isApart: boolean, isHere?: boolean): void;
  /** Shows a private message to or from the viewer; returns whether there was room for it. */
  showPrivate(message: PrivateMessage): boolean;
  /**
   * Shows that one of the two has redacted a message of a conversation, or reacted to one. Returns
   * whether there was room for it.
   *
   * @param act Of kind `redaction`, `react` or `unreact`.
   * @param partner Name of the other account.
   */
  showPrivateAct?(act: RoomEvent, partner: string): boolean;
  /** Shows that somebody the viewer wrote to is away; a notice does where this is absent. */
  showAway?(name: string, text: string): void;
  /** Shows that somebody invites the viewer; a notice does where this is absent. */
  showInvitation?(by: string, room: string): void;
  /** Passes on tags of somebody else, for doors whose clients know them. */
  showTags?(notice: TagNotice): void;
  /** Shows a text for those with a sign; a notice of its words does where this is absent. */
  showSigned?(notice: SignedNotice): void;
  /** Shows the viewer's conversations on entering, to those who can be shown more than a notice. */
  showConversations?(conversations: readonly DirectConversation[]): void;
  /** Shows that the viewer has read a conversation or, elsewhere, a room up to number `seq`. */
  showRead?(room: string, seq: number): void;
  /** Called when the viewer has taken a name. */
  showName(name: string): void;
  /**
   * Shows a room that the viewer has just joined: its topic, its recent past, its people.
   *
   * @param isResumed Whether the viewer knows the past and is about to be fed the events since
   * then.
   */
  showEntry(room: RoomStream, isResumed: boolean): void;
  /** Whether {@linkcode showExit} tells why; otherwise a notice has to. */
  readonly tellsWhy?: boolean;
  /** What is unread in rooms that the viewer does not talk in; absent if their client knows. */
  readonly unread?: UnreadRooms;
  /**
   * Called when the viewer has switched to another of their rooms.
   *
   * @param isBehind Whether they are still being shown what happened before.
   * @returns Whether they see which room it is.
   */
  showTurn?(room: RoomStream, isBehind: boolean): boolean;
  /**
   * Called when the viewer follows a rename to another room, or when their own room receives
   * everybody of a renamed one. The people, the topic and the rules are those of the old room, and
   * an event has announced the rename.
   *
   * @param after The number of the event after which the viewer is shown the new room.
   */
  showMove?(from: RoomStream, to: RoomStream, after: number): void;
  /**
   * Called when the viewer has left a room.
   *
   * @param why A sentence, if somebody else decided it.
   */
  showExit(room: RoomStream, why?: string, cause?: Cause): void;
  /** Shows how many people joined and left a crowded room. */
  showCrowd(room: string, joined: number, left: number): void;
  /** Shows a whole run of one room's events, or shows nothing of it and returns `false`. */
  showEvents(room: RoomStream, events: EventRun): boolean;
  /**
   * Shows log lines of a room, in order and not folded; returns whether there was room for them.
   * Absent where viewers filter logs in another way.
   */
  showLog?(room: string, events: EventRun): boolean;
  /** Called when a viewer who was behind has caught up. */
  showLive?(): void;
  /** What to await before costly work for the viewer, if anything. */
  turn(): Promise<void> | undefined;
  /** Resolves once the viewer has read much of what was shown; `false` if the session has ended. */
  hasRoom(): Promise<boolean>;
  /** The same before more of an answer is shown; `false` also if the viewer wants no more of it. */
  ready(): Promise<boolean>;
  /** Resolves once all of it has been read; `false` if the session has ended. */
  drained(): Promise<boolean>;
  /**
   * Resolves to whether the viewer's machine is still there, within a few seconds; `true` if that
   * cannot be known.
   *
   * @param question A line for viewers who can only be reached by one that they see.
   * @param onDoubt Called if it does not answer within a moment.
   */
  isReachable(question: string, onDoubt: () => void): Promise<boolean>;
  /**
   * Ends the session once everything shown has been read.
   *
   * @param complaint Why, if the viewer did not ask for it.
   * @param isReplaced Whether it is because of another session of the viewer's, so that a client
   * must not connect again by itself.
   */
  end(complaint?: string, isReplaced?: boolean): void;
}
