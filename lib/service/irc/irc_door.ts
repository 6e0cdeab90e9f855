/**
 * The IRC door as its parts see it: what all clients share, and one client. The parts know nothing
 * of the classes behind these, `irc_context.ts` and `irc_client.ts`, which are made of the parts.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { IrcMessage, IrcReply } from "../../codec/irc_message.ts";
import type { Member } from "../../domain/rooms/room_stream.ts";
import type { Outbox } from "../../server/output/outbox.ts";
import type { Session } from "../../server/session/session.ts";
import type { ChatMember } from "../chat/chat_member.ts";
import type { ChatContext, ChatSession } from "../chat/chat_session.ts";
import type { RoomDigests } from "../chat/digest/room_digest.ts";
import type {
  ClientLogin,
  ClientReadTimes,
  ClientRegistration,
  ClientRooms,
} from "./client_parts.ts";
import type { IrcPeople } from "./irc_people.ts";
import type { IrcSettings } from "./irc_settings.ts";
import type { Answer } from "./lines/answer_batch.ts";
import type { EventLines } from "./lines/event_lines.ts";
import type { Census } from "./people/census.ts";
import type { MonitorLists } from "./people/monitor_lists.ts";
import type { NameBook } from "./people/name_book.ts";
import type { Visits } from "./people/visits.ts";
import type { IncomingBlock } from "./speech/incoming_block.ts";

/** What all IRC clients share. */
export interface IrcContext {
  readonly chat: ChatContext;
  readonly clock: Clock;
  readonly settings: IrcSettings;
  /** When the server started, milliseconds since 1970. */
  readonly startedAt: number;
  /** The rooms as clients read them: floods of log lines folded, but every join and part. */
  readonly digests: RoomDigests;
  readonly people: IrcPeople;
  readonly lines: EventLines;
  readonly visits: Visits;
  readonly monitors: { readonly lists: MonitorLists<IrcClient> };
  readonly modes: ModeNews;
  readonly census: Census;
  readonly names: NameBook;
  readonly peers: PeerNews;
  /** Those who have registered, and those who are about to. */
  readonly clients: ReadonlyMap<Member, IrcClient>;
  /** Has the server read again what it reads at SIGHUP. */
  rehash(): void;
  /** The IRC client of a person; `undefined` for people of other doors. */
  clientOf(person: Pick<ChatSession, "member">): IrcClient | undefined;
}

/** What tells clients of those they share a room with; see `peers.ts`. */
interface PeerNews {
  tell(person: ChatSession, capability: string, message: IrcReply): void;
  /** Resolves once all has been told of somebody; `undefined` if it has. */
  told(person: ChatSession): Promise<void> | undefined;
}

/** What tells clients of the modes of rooms; see `mode_teller.ts`. */
interface ModeNews {
  /** Tells of all changes that a client makes in a room by one command in one line, if they fit. */
  gather(client: IrcClient, room: string, change: () => Promise<void>): Promise<void>;
  /** Tells of what has been gathered, before clients are told of anything else. */
  flush(): void;
}

/** One client. */
export interface IrcClient {
  readonly irc: IrcContext;
  readonly session: Session;
  readonly member: ChatMember;
  readonly person: ChatSession;
  readonly reader: ClientRooms;
  readonly registration: ClientRegistration;
  readonly readTimes: ClientReadTimes;
  readonly sasl: ClientLogin;
  /** As `USER` gave it, with `~` in front. */
  user: string;
  realname: string;
  /** Letters of the modes that the client has set for itself. */
  readonly modes: Set<string>;
  /** The last word for a room that is just being left. */
  partText: string;
  /** Resolves once the names of the room joined last have been sent. */
  namesSent: Promise<void> | undefined;
  /** The nickname that the client has written to last. */
  addressed: string | undefined;
  /** The text of several lines that the client is sending. */
  block: IncomingBlock | undefined;
  /** When a line last came, by the monotonic clock in milliseconds. */
  readonly heardAt: number;
  /** Whether a line of the client's is being handled, so that the next one waits for us. */
  readonly isBeingServed: boolean;
  /** The capabilities in force. */
  caps: ReadonlySet<string>;
  /** The form of its lines; see `event_tags.ts`. */
  readonly form: number;
  /** The nickname as the client knows it; `*` before there is one. */
  readonly nick: string;
  /** `nick!user@host` */
  readonly mask: string;
  readonly isRegistered: boolean;
  /** Whether the client is about to be disconnected, so that it is told of no rooms it leaves. */
  readonly isLeaving: boolean;
  /** The answer to the line being handled, if it is to be labelled. */
  readonly answer: Answer | undefined;
  /** The outbox for messages that answer nothing; sends the answer held back so far first. */
  readonly outbox: Outbox;

  /** Sends a numeric reply: `:server NUMERIC nick params`, the last one as text. */
  reply(numeric: string, ...params: string[]): void;
  /** Sends a message, as part of the answer to the line being handled, if there is one. */
  send(message: IrcReply): void;
  /** Sends a message that answers nothing. It must arrive. */
  sendUnasked(message: IrcReply): void;
  /** Does something of which nothing is part of the answer to the line being handled. */
  aside(act: () => void): void;
  /** Sends lines, each with its end, as part of an answer that has no label. */
  sendLines(text: string): void;
  /** Sends a message about somebody else, unless the client has not read what it was sent before. */
  inform(message: IrcReply): void;
  /**
   * Sends messages if there is room for all of them.
   *
   * @param isKept Whether they can be read again later, so that a reserve is left for answers.
   */
  offer(messages: readonly IrcReply[], isKept: boolean): boolean;
  /** Asks the client to show that it is there. */
  ping(): void;
  /** A name for a batch, which no other batch of this client has. */
  nextBatch(): string;
  /** Resolves once there is room for more of a long answer; `false` if the client is gone. */
  ready(): Promise<boolean>;
  /**
   * Does what a message asks for: labels its answer, and explains what goes wrong. Returns what to
   * await before the next message, if anything.
   */
  run(act: ClientAct, message: IrcMessage): Promise<void> | undefined;
  /** Tells the client why something cannot be done. */
  explain(error: unknown, verb: string, about?: string): void;
  /**
   * Says goodbye, and ends the session once that has been sent.
   *
   * @param isOwn Whether the client has asked for it.
   */
  leave(farewell: string, why: string, isOwn?: true): Promise<void>;
  /** Ends the session with an `ERROR`. */
  close(why: string): void;
}

/** Something that is done for a client in answer to a line, such as a verb. */
interface ClientAct {
  /** The verb that errors are about. */
  readonly name: string;
  run(client: IrcClient, message: IrcMessage): Promise<unknown> | void;
}
