/**
 * What `PRIVMSG` and `NOTICE` do: say something in a room, or to a person.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { IrcMessage } from "../../../codec/irc_message.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { nameKey } from "../../../domain/name.ts";
import { countLines } from "../../../domain/text/block.ts";
import { findRecipient, sendPrivately, unkeptMessage } from "../../chat/speech/private_messages.ts";
import { bodyOf } from "../../chat/speech/said_text.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromChannel, fromIrcNick, toChannel } from "../irc_names.ts";
import { IRC_SERVICES } from "../irc_services.ts";
import { inIrcWords } from "../irc_words.ts";
import { IRC_LIMITS } from "../isupport.ts";
import { notIn } from "../known_channels.ts";
import { fieldsOf } from "../lines/client_tags.ts";
import { actionOf, privateAction } from "../lines/private_text.ts";
import { roomFor, surelyFits } from "../lines/text_messages.ts";
import { fillBlock, isInBlock } from "./collect_block.ts";
import { conversationOf, repliedNumber, sayReply } from "./message_acts.ts";
import { signedTarget, tellSigned } from "./status_message.ts";

/** Says the text of a message to each of its targets. */
export function speak(client: IrcClient, message: IrcMessage): Promise<unknown> | undefined {
  if (isInBlock(client, message)) return fillBlock(client, message);
  const [targets = "", text = ""] = message.params;
  if (targets === "" || text === "") {
    if (message.verb === "NOTICE") return undefined;
    if (targets === "") client.reply("411", `No recipient given (${message.verb})`);
    else client.reply("412", "No text to send");
    return undefined;
  }
  client.person.speech.noteSpoken();
  if (!fits(client, message.verb, targets, text)) return undefined;
  const pause = payForBlock(client, text);
  if (pause) return pause.then(() => speakToAll(client, message, targets, text));
  return speakToAll(client, message, targets, text);
}

function speakToAll(
  client: IrcClient,
  message: IrcMessage,
  targets: string,
  text: string,
): Promise<unknown> | undefined {
  if (!targets.includes(",")) return speakTo(client, message, targets, text);
  const list = targets.split(",").filter((target) => target !== "");
  if (list.length > IRC_LIMITS.targets) {
    client.reply(
      "407",
      targets,
      `Too many recipients: at most ${IRC_LIMITS.targets}. Nothing was sent.`,
    );
    return undefined;
  }
  client.answer?.open();
  return inTurn(list, (target) => speakTo(client, message, target, text));
}

/**
 * Charges for the lines of a text that no lines of the client were: a text may have Unicode's line
 * separators.
 *
 * @param paid Lines that were counted as they came.
 * @returns What to await before it is said, if anything.
 */
export function payForBlock(
  { session }: IrcClient,
  text: string,
  paid = 1,
): Promise<void> | undefined {
  const extra = countLines(text) - paid;
  return extra > 0 ? session.paceBlock(extra) : undefined;
}

/**
 * Whether the text fits on one line for others, as the sender's client expects: with the sender's
 * full mask in front, or at least with the nickname (`text_messages.ts`). If not, the sender is told
 * how much does.
 */
function fits(client: IrcClient, verb: string, targets: string, text: string): boolean {
  if (surelyFits(client.nick, targets, text)) return true;
  const longest = targets.split(",").reduce((a, b) => a.length >= b.length ? a : b);
  const room = roomFor({
    source: client.nick,
    verb: verb === "NOTICE" ? verb : "PRIVMSG",
    target: longest,
  });
  if (Buffer.byteLength(text) <= room) return true;
  client.reply(
    "417",
    `That text was too long and was not sent: with your name and ${longest} in front, ` +
      `${room} bytes fit a line. Send it in parts.`,
  );
  return false;
}

async function inTurn<Item>(
  items: readonly Item[],
  handle: (item: Item) => Promise<unknown> | undefined,
): Promise<void> {
  for (const item of items) await handle(item);
}

/** A refusal of one target concerns no other. Nothing is ever said about a `NOTICE`. */
export function speakTo(
  client: IrcClient,
  message: IrcMessage,
  target: string,
  text: string,
): Promise<unknown> | undefined {
  const explain = (error: unknown) => {
    const isQuiet = message.verb === "NOTICE" && error instanceof DomainError;
    if (!isQuiet) explainTarget(client, message.verb, target, error);
  };
  const signed = signedTarget(target);
  if (signed) return tellSigned(client, message, signed, text).catch(explain);
  const room = fromChannel(target);
  try {
    if (room !== undefined) return sayInRoom(client, message, room, text)?.catch(explain);
  } catch (error) {
    explain(error);
    return undefined;
  }
  return writeTo(client, message, target, text).catch(explain);
}

/**
 * Tells why something was not sent to a target. Every refusal by the rules of a room is a 404
 * (`ERR_CANNOTSENDTOCHAN`), whatever numeric the same error has elsewhere, and that of a person to
 * somebody without an account a 486 (`ERR_NONONREG`).
 */
export function explainTarget(
  client: IrcClient,
  verb: string,
  target: string,
  error: unknown,
): void {
  const isChannel = fromChannel(target) !== undefined || signedTarget(target) !== undefined;
  const isOfRules = error instanceof DomainError && isChannel &&
    error.code !== "no-such-room";
  const isOfAccounts = error instanceof DomainError && error.code === "login-needed";
  if (isOfRules) client.reply("404", target, inIrcWords((error as Error).message));
  else if (isOfAccounts) client.reply("486", target, inIrcWords(error.message));
  else client.explain(error, verb, target);
}

function sayInRoom(
  client: IrcClient,
  message: IrcMessage,
  name: string,
  text: string,
): Promise<void> | undefined {
  const { person } = client;
  const room = person.findCalled(name);
  if (!room) return sayFromOutside(client, message, name, text);
  person.member.turnTo(room);
  const { kind, body } = speechOf(text);
  const fields = fieldsOf(client, message);
  const reply = fields?.tags ? repliedNumber(room, message.tags) : undefined;
  if (reply !== undefined) {
    return sayReply(client, room, reply, { kind, body, fields }, () => {
      person.member.turnTo(room);
      person.speech.say(kind, body, undefined, { fields });
    });
  }
  person.speech.say(kind, body, undefined, fields && { fields });
  return client.irc.chat.registry.backpressure();
}

/** What somebody says in a room by a message, as an event has it. */
function speechOf(text: string): { readonly kind: "message" | "action"; readonly body: string } {
  const action = actionOf(text);
  return action === undefined ? { kind: "message", body: text } : { kind: "action", body: action };
}

/** Says something in a room that the client is not in, if the room takes that (no mode n). */
function sayFromOutside(
  client: IrcClient,
  message: IrcMessage,
  name: string,
  text: string,
): Promise<void> | undefined {
  const { person, member, irc: { chat: { access, registry } } } = client;
  const room = access.rules(name)?.takesOutside
    ? person.sees.find(person.sees.currentName(name))
    : undefined;
  if (!room) throw notIn(client, toChannel(name));
  const { kind, body } = speechOf(text);
  registry.sayFromOutside(member, room, kind, bodyOf(person, body), {
    fields: fieldsOf(client, message),
  });
  return registry.backpressure();
}

async function writeTo(
  client: IrcClient,
  message: IrcMessage,
  nick: string,
  text: string,
): Promise<void> {
  const service = IRC_SERVICES.get(nick.toLowerCase());
  if (service) {
    if (message.verb === "PRIVMSG") await service(client, text);
    return;
  }
  const { person } = client;
  const name = fromIrcNick(nick);
  const action = actionOf(text);
  const body = action === undefined ? text : privateAction(action);
  const fields = fieldsOf(client, message);
  if (nameKey(name) === nameKey(person.nickname)) return await writeToSelf(client, body, fields);
  const to = findRecipient(person, name);
  client.addressed = name;
  const send = () => sendPrivately(person, to, body, undefined, { fields });
  const { account } = client.member;
  const place = "account" in to && account !== undefined
    ? conversationOf(account, to.account.key)
    : undefined;
  const reply = place && fields?.tags ? repliedNumber(place, message.tags) : undefined;
  if (reply === undefined) return await send();
  await sayReply(client, place!, reply, { kind: "message", body, fields }, send);
}

/** Some clients measure their lag that way. An account keeps what it has written to itself. */
async function writeToSelf(
  { person }: IrcClient,
  body: string,
  fields: ReturnType<typeof fieldsOf>,
): Promise<void> {
  const { member, chat } = person;
  const account = member.account === undefined ? undefined : chat.accounts.find(member.account);
  if (account) return await sendPrivately(person, { account }, body, undefined, { fields });
  person.screen.showPrivate(unkeptMessage(person, person, body, fields));
}
