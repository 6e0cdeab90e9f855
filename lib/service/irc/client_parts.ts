/**
 * What belongs to one client, as others use it: its rooms, its registration, its log-ins and what it
 * has read.
 *
 * @module
 */

import type { IrcReply } from "../../codec/irc_message.ts";
import type { RoomStream } from "../../domain/rooms/room_stream.ts";

/** The rooms that a client reads; see `irc_reader.ts`. */
export interface ClientRooms {
  /** Whether the client is still being shown what happened before. */
  readonly isBehind: boolean;
  /** Whether the client has been told that it is in a room. */
  hasJoined(room: RoomStream): boolean;
  /** Tells the client that it is in a room, although that could not be stored. */
  joinUnrecorded(room: RoomStream): void;
}

/** The registration of a client; see `registration.ts`. */
export interface ClientRegistration {
  /** As `PASS` gave it. */
  password: string | undefined;
  /** Whether the client is negotiating capabilities. */
  isNegotiating: boolean;
  /** Whether the client has asked for capabilities with values once, so that it knows 302. */
  knowsValues: boolean;
  /** The nickname that the client has asked for, until it has it. */
  readonly wantedNick: string | undefined;
  /** Asks for a nickname. @throws {DomainError} If it cannot be had. */
  askFor(nick: string): Promise<void>;
  /** Completes the registration if nothing is missing. */
  complete(): Promise<void>;
  /** Whether the client has given the server's password, if it has one; ends its session if not. */
  admits(): boolean;
}

/** Up to which times a client has read what it reads; see `read_times.ts`. */
export interface ClientReadTimes {
  /** Looks up the time of a target; `undefined` if nothing has been read. */
  lookUp(target: string): Promise<number | undefined>;
  /** Tells what is known of a target, if it has been looked up. */
  messageFor(target: string): IrcReply;
  /** Notes that a target has been read up to a time. @throws {Error} If it could not be stored. */
  set(target: string, at: number): Promise<void>;
  /** Takes over how far another session of the account has read a room. */
  readElsewhere(room: string, seq: number): Promise<void>;
  /** Notes how far another session of the account has read; tells the client, if that is news. */
  follow(key: string, at: number): void;
}

/** The SASL exchanges of a client; see `sasl_dialogue.ts`. */
export interface ClientLogin {
  /** The mechanisms that the client can use. */
  readonly mechanisms: string[];
  /** Whether an exchange is under way. */
  readonly isOpen: boolean;
  /** Takes the parameter of `AUTHENTICATE`. */
  take(text: string): Promise<void>;
  /** Ends what is under way, because the client wants to or goes on without it. */
  abort(): void;
}
