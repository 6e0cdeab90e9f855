/**
 * The IRC service: the rooms of the chat for any IRC client (RFC 1459 and 2812 as modern clients and
 * servers live them, and IRCv3).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import {
  type IrcMessage,
  MAX_BODY_BYTES,
  MAX_CLIENT_TAG_BYTES,
  parseIrcMessage,
  tagBytes,
} from "../../codec/irc_message.ts";
import type { Service } from "../../server/session/service.ts";
import type { Session } from "../../server/session/session.ts";
import { rememberMarks } from "../chat/person_memory.ts";
import { errorLine } from "./error_line.ts";
import { ConnectedClient } from "./irc_client.ts";
import { IrcServer, type IrcServerOptions } from "./irc_context.ts";
import { KeepAlive } from "./keep_alive.ts";
import { sendFail } from "./standard_replies.ts";
import type { Verb } from "./verb.ts";
import { findVerb } from "./verbs/mod.ts";

const encoder = new TextEncoder();

/** Lines that others notice, or that are stored. */
const COUNTED = new RegExp(
  "^ *(?:@[^ ]* +)?(?::[^ ]* +)?(?:PRIVMSG|NOTICE|TAGMSG|JOIN|PART|NICK|TOPIC|MODE|KICK|INVITE|" +
    "AWAY|SETNAME|REDACT|RENAME|WALLOPS|KILL|REHASH|REGISTER|[CN]S|CHANSERV|NICKSERV|" +
    "MARKREAD +[^ ]+ +[^ ]+)(?: |$)",
  "i",
);

/** Said of clients that end the connection without QUIT. */
const CLOSED = "Connection closed";
/** Said to clients when the server stops. */
const STOPPING = "The server is stopping. Connect again in a moment.";

/** Longest name of an unknown verb that is repeated in the answer. */
const LONGEST_VERB = 50;

/** Serves everybody with an IRC client, on any port. */
export class Irc implements Service {
  readonly name = "irc";
  readonly maxLineBytes = MAX_CLIENT_TAG_BYTES + MAX_BODY_BYTES;
  readonly isFloodControlled = true;
  // Clients answer no telnet options, and 0xFF is in no text.
  readonly isForPrograms = true;
  readonly #irc: IrcServer;

  constructor(options: IrcServerOptions) {
    this.#irc = new IrcServer(options);
  }

  phrase(line: string): string {
    return errorLine(line.replace(/^[!*] /, ""));
  }

  /** Only what others notice counts, and what is stored. */
  isUncounted(line: string): boolean {
    return !COUNTED.test(line);
  }

  async serve(session: Session): Promise<void> {
    const irc = this.#irc;
    const client = new ConnectedClient(session, irc);
    const keepAlive = new KeepAlive(client, irc.clock);
    const nameDeadlineMs = irc.nameDeadlineMs();
    session.setDeadline(
      nameDeadlineMs,
      `You did not register within ${nameDeadlineMs / 1000} seconds. ` +
        "Send NICK and USER, and CAP END if you sent CAP LS.",
    );
    session.onStop = () => {
      client.close(STOPPING);
      return Promise.resolve();
    };
    try {
      const { lines } = session;
      for (let next = await lines.next(); !next.done; next = await lines.next()) {
        client.heardAt = irc.clock.monotonic();
        for (
          let line: string | undefined = next.value;
          line !== undefined;
          line = lines.nextNow()
        ) {
          const wait = this.#hear(client, line);
          if (!wait) continue;
          client.isBeingServed = true;
          await wait;
          client.isBeingServed = false;
          // Until now, its next line had to wait for us.
          client.heardAt = irc.clock.monotonic();
        }
        if (session.isEnded) break;
      }
    } finally {
      keepAlive.stop();
      this.#noteUnsaid(client);
      await rememberMarks(client.person);
      if (session.isEnded) await client.person.depart(client.isLeaving ? "" : "Timed out");
      // It may have closed only its side, and read on.
      else await client.leave(CLOSED, session.isStopping ? STOPPING : CLOSED);
      irc.clients.delete(client.member);
      irc.census.unregistered.delete(client);
    }
  }

  /** Handles one line; returns what to await before the next one, if anything. */
  #hear(client: ConnectedClient, line: string): Promise<unknown> | undefined {
    const message = parseIrcMessage(line);
    if (!message) return undefined;
    // A client that reads nothing must not cause answers without end.
    const full = client.session.outbox.backpressure();
    if (!full) return this.#handle(client, line, message);
    return full.then((isThere) => isThere ? this.#handle(client, line, message) : undefined);
  }

  #handle(
    client: ConnectedClient,
    line: string,
    message: IrcMessage,
  ): Promise<unknown> | undefined {
    const { session } = client;
    const { verb: name } = message;
    const tagged = tagBytes(line);
    if (session.damage?.cutBytes || tagged > MAX_CLIENT_TAG_BYTES || isTooLong(line, tagged)) {
      const sentence = "That line was too long and was not used. A line has at most " +
        `${MAX_BODY_BYTES} bytes besides its tags, and tags at most ${MAX_CLIENT_TAG_BYTES - 2}.`;
      return client.run({ name, run: () => client.reply("417", sentence) }, message);
    }
    if (session.damage?.repairs) {
      const sentence = "That line is not valid UTF-8 and was not used. Set your client to UTF-8.";
      const refuse = { name, run: () => sendFail(client, name, "INVALID_UTF8", [], sentence) };
      return client.run(refuse, message);
    }
    const verb = findVerb(name);
    const refusal = refusalOf(client, message, verb);
    if (refusal) {
      const refuse = { name, run: () => client.reply(...refusal) };
      return client.run(refuse, message);
    }
    if (verb!.isSpeech && client.irc.chat.registry.backpressure() === undefined) {
      return client.run(verb!, message);
    }
    return this.#obey(client, () => client.run(verb!, message));
  }

  async #obey(client: ConnectedClient, run: () => Promise<void> | undefined): Promise<void> {
    // An answer comes after those before it have been read, and sees everything said before.
    if (!await client.ready()) return;
    await client.irc.chat.registry.current();
    // The owner of its name may have taken it back in the meantime, which ends the session.
    if (!client.session.isEnded) await run();
  }

  /** Records how much of what somebody sent was not said, in the room it was meant for. */
  #noteUnsaid({ session, person, irc }: ConnectedClient): void {
    const lines = session.unservedLines.filter((line) => /^(?:@\S+ +)?PRIVMSG /i.test(line));
    const { currentRoom, nickname } = person;
    if (lines.length === 0 || !currentRoom) return;
    const bytes = encoder.encode(lines.join("")).length;
    const loss = {
      room: currentRoom.name,
      source: nickname,
      via: "irc",
      lines: lines.length,
      bytes,
    };
    irc.chat.registry.recordLoss({ ...loss, reason: "unsaid" });
  }
}

/** The numeric and its parameters that refuse a message; `undefined` if the verb can be run. */
function refusalOf(
  { isRegistered }: ConnectedClient,
  { verb: name, params }: IrcMessage,
  verb: Verb | undefined,
): [string, ...string[]] | undefined {
  if (!isRegistered && !verb?.isEarly) {
    return ["451", "You have not registered. Send NICK and USER first."];
  }
  if (!verb) {
    const shown = name.slice(0, LONGEST_VERB);
    return ["421", shown, "Unknown command. HELP lists the commands."];
  }
  if (params.length >= (verb.minParams ?? 0)) return undefined;
  return ["461", verb.name, `Not enough parameters. HELP ${verb.name} tells what it takes.`];
}

function isTooLong(line: string, tagged: number): boolean {
  // A UTF-16 unit has at most three bytes.
  if ((line.length - tagged) * 3 <= MAX_BODY_BYTES) return false;
  return Buffer.byteLength(line) - tagged > MAX_BODY_BYTES;
}
