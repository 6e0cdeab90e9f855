/**
 * Events of rooms as lines of IRC, rendered once for each form of line and shared by all clients
 * that take that form.
 *
 * @module
 */

import { formatIrcMessage, type IrcReply } from "../../../codec/irc_message.ts";
import { RunMemos } from "../../../domain/feeds/run_memos.ts";
import { readableBody } from "../../../domain/redaction.ts";
import { newNameIn, type RoomEvent } from "../../../domain/room_event.ts";
import { departureOf } from "../../../domain/rooms/departure.ts";
import type { EventRun } from "../../../domain/rooms/room_stream.ts";
import { isUnkept } from "../../../domain/unlogged.ts";
import type { ChatContext } from "../../chat/chat_session.ts";
import { replyHead, sentenceParts } from "../../chat/text/sentence.ts";
import { toChannel, toIrcNick } from "../irc_names.ts";
import type { IrcPeople } from "../irc_people.ts";
import type { IrcSettings } from "../irc_settings.ts";
import { FLAGS, modeLines, signChanges } from "../modes/channel_modes.ts";
import { prefixesOf } from "../modes/channel_prefixes.ts";
import { eventTags, Form } from "./event_tags.ts";
import { redactionMessage } from "./redaction_message.ts";
import { type RunFacts, runFactsOf } from "./run_facts.ts";
import { shownOnIrc } from "./shown_on_irc.ts";
import { withTags } from "./tagged_message.ts";
import {
  ACTION_WRAPPING,
  cutsOf,
  type SaidText,
  taggedTextMessages,
  textMessages,
  verbOf,
} from "./text_messages.ts";

const encoder = new TextEncoder();

/** Acts of moderation that IRC clients see as modes; see `mode_teller.ts`. */
const SHOWN_AS_MODES: ReadonlySet<string> = new Set([
  ...Array.from(FLAGS.values(), ({ name }) => name),
  ...["key", "limit", "mute", "unmute", "grant"],
]);

const NO_TAGS: ReadonlyMap<string, string> = new Map();

/** A run in all forms that somebody has asked for. */
interface Memo {
  readonly facts: RunFacts;
  readonly forms: Map<number, FormedRun>;
}

/** A run in one form. */
interface FormedRun {
  /** Of each event, once it is asked for. */
  readonly texts: string[];
  bytes?: Uint8Array;
}

/** What lines are made with. */
export interface EventLinesOptions {
  readonly chat: Pick<ChatContext, "access" | "people">;
  readonly people: IrcPeople;
  readonly settings: Pick<IrcSettings, "serverName">;
  /** Told before anything else is: see `mode_teller.ts`. */
  readonly modes: { flush(): void };
}

export class EventLines {
  readonly #irc: EventLinesOptions;
  readonly #memos = new RunMemos<Memo>((run) => {
    // The words of the acts themselves are not told.
    if (!run.every(({ cause }) => cause?.kind === "act")) this.#irc.modes.flush();
    return { facts: runFactsOf(run), forms: new Map() };
  });

  constructor(irc: EventLinesOptions) {
    this.#irc = irc;
  }

  /** What every reader asks of a run. */
  factsOf(run: EventRun): RunFacts {
    return this.#memos.of(run).facts;
  }

  /** The whole run in a form. The bytes are shared and must not be written to. */
  bytesOf(run: EventRun, form: number): Uint8Array {
    return this.#formed(run, form).bytes ??= encoder.encode(
      run.map((_, index) => this.textAt(run, index, form)).join(""),
    );
  }

  /** One event of a run in a form, each line with its end; `""` if clients are not told of it. */
  textAt(run: EventRun, index: number, form: number): string {
    return this.#formed(run, form).texts[index] ??= this.#textOf(run[index], form);
  }

  /** One event as messages; a long text takes several. */
  messagesOf(event: RoomEvent, form: number): IrcReply[] {
    const tags = (form & Form.ANY_TAGS) === 0 ? NO_TAGS : eventTags(this.#irc, event, form);
    const said = this.#saidIn(event, form);
    // The number of an event is no number of a batch that a client opens or answers to.
    if (said) return taggedTextMessages(said, tags, form, `e-${event.id}`);
    return withTags(this.#happenedIn(event, form), tags);
  }

  /** What somebody said; `undefined` if the event is something else. */
  #saidIn(event: RoomEvent, form: number): SaidText | undefined {
    const { kind, fields } = event;
    // What a room does not keep is shown as a gap.
    if (kind !== "message" && kind !== "action" && kind !== "log" || isUnkept(event)) {
      return undefined;
    }
    // Clients with tags know what it answers by its id.
    const head = (form & Form.TAGS) === 0 ? replyHead(event) : "";
    return {
      source: this.#irc.people.sourceOf(event),
      verb: kind === "message" ? verbOf(fields) : "PRIVMSG",
      target: toChannel(event.room),
      text: head + readableBody(event),
      wrapping: kind === "action" ? ACTION_WRAPPING : undefined,
      cuts: kind === "message" && head === "" ? cutsOf(fields) : undefined,
    };
  }

  #happenedIn(event: RoomEvent, form: number): IrcReply[] {
    const { people, settings: { serverName } } = this.#irc;
    const channel = toChannel(event.room);
    const body = readableBody(event);
    switch (isUnkept(event) ? "gap" : event.kind) {
      case "join":
        return this.#arrival(event, channel, form);
      case "part":
        return [this.#departure(event, channel, form)];
      case "nick":
        return [{ source: people.sourceOf(event), verb: "NICK", params: [toIrcNick(body)] }];
      case "topic": {
        const params = [channel, shownOnIrc(body)];
        return [{ source: people.sourceOf(event), verb: "TOPIC", params, trailing: true }];
      }
      case "notice":
        if ((form & Form.RENAMES) !== 0 && newNameIn(event) !== undefined) {
          return [renameMessage(people.sourceOf(event), event)];
        }
        if (event.cause?.kind === "act" && SHOWN_AS_MODES.has(event.cause.act)) return [];
        break;
      case "react":
      case "unreact":
        if ((form & Form.TAGS) === 0) return [];
        return [{ source: people.sourceOf(event), verb: "TAGMSG", params: [channel] }];
      case "redaction":
        if ((form & Form.REDACTIONS) !== 0) {
          return [redactionMessage(people.sourceOf(event), channel, event)];
        }
    }
    return sentenceParts(event).lines.flatMap((text) =>
      textMessages({ source: serverName, verb: "NOTICE", target: channel, text })
    );
  }

  #arrival(event: RoomEvent, channel: string, form: number): IrcReply[] {
    const { people } = this.#irc;
    const source = people.sourceOf(event);
    const author = people.authorOf(event);
    const messages: IrcReply[] = [];
    if (form & Form.EXTENDED_JOIN) {
      const account = (author && people.accountOf(author)) ?? "*";
      const realname = author ? people.realnameOf(author) : event.from;
      const params = [channel, account, realname];
      messages.push({ source, verb: "JOIN", params, trailing: true });
    } else {
      messages.push({ source, verb: "JOIN", params: [channel] });
    }
    if ((form & Form.AWAY) && author?.awayText !== undefined) {
      messages.push(awayMessage(source, author.awayText));
    }
    return messages;
  }

  /** The signs that somebody has who joins: the others have no list of names that shows them. */
  #signsOf(event: RoomEvent): IrcReply[] {
    if (event.kind !== "join") return [];
    const { people, settings: { serverName } } = this.#irc;
    const author = people.authorOf(event);
    if (!author?.findRoom(event.room)) return [];
    const signs = prefixesOf(this.#irc, event.room, author.member);
    return modeLines(serverName, event.room, signChanges(author.member, "", signs));
  }

  #departure(event: RoomEvent, channel: string, form: number): IrcReply {
    const source = this.#irc.people.sourceOf(event);
    const { from, body } = event;
    const known = departureOf(event);
    // A client that is behind may not know yet that they have come back to another room.
    const isLate = known?.kind === "quit" && !event.cause && (form & Form.PAST) === 0;
    const cause = isLate ? undefined : known;
    const text = shownOnIrc(body);
    if (cause?.kind === "quit") {
      // Nobody can pretend by their own words that their connection ended in another way.
      const ownText = text === "" ? "Quit" : `Quit: ${text}`;
      const reason = cause.isOwn ? ownText : text || "Left the server";
      return { source, verb: "QUIT", params: [reason], trailing: true };
    }
    if (cause?.kind === "kick") {
      const by = this.#irc.chat.people.find(cause.by);
      return {
        source: by ? this.#irc.people.maskOf(by) : toIrcNick(cause.by),
        verb: "KICK",
        params: [channel, toIrcNick(from), shownOnIrc(cause.reason) || toIrcNick(cause.by)],
        trailing: true,
      };
    }
    const params = text === "" ? [channel] : [channel, text];
    return { source, verb: "PART", params, trailing: text !== "" };
  }

  #textOf(event: RoomEvent, form: number): string {
    let text = "";
    for (const message of this.messagesOf(event, form)) text += `${formatIrcMessage(message)}\r\n`;
    for (const message of this.#signsOf(event)) text += `${formatIrcMessage(message)}\r\n`;
    return text;
  }

  #formed(run: EventRun, form: number): FormedRun {
    const { forms } = this.#memos.of(run);
    let formed = forms.get(form);
    if (!formed) forms.set(form, formed = { texts: [] });
    return formed;
  }
}

/** The RENAME of a channel (IRCv3 draft/channel-rename). */
function renameMessage(source: string, event: RoomEvent): IrcReply {
  const { reason } = event.fields ?? {};
  const text = typeof reason === "string" ? shownOnIrc(reason) : "";
  const params = [toChannel(event.room), toChannel(newNameIn(event)!), text];
  return { source, verb: "RENAME", params, trailing: true };
}

/** Says that somebody is away, or no longer (IRCv3 away-notify). */
export function awayMessage(source: string, text: string | undefined): IrcReply {
  const params = text === undefined ? [] : [shownOnIrc(text) || "Away"];
  return { source, verb: "AWAY", params, trailing: true };
}
