/**
 * The modes of a person on IRC: `MODE NICK +i`.
 *
 * - `i`: invisible: found by WHO with a mask, and with their rooms in WHOIS, only by those who share
 *   a room with them.
 * - `w`: hears WALLOPS.
 * - `B`: is a bot.
 * - `o`: is an operator of the server; can only be taken off.
 *
 * @module
 */

import { nameKey } from "../../../domain/name.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromIrcNick } from "../irc_names.ts";

/** The modes that people may set, and take off. */
const SETTABLE = "Biw";
/** All modes, for 004. */
export const USER_MODES = "Biow";

/** Shows or changes a client's own modes. */
export function runUserMode(client: IrcClient, target: string, changes: string | undefined): void {
  if (nameKey(fromIrcNick(target)) !== nameKey(client.person.nickname)) {
    const isHere = client.irc.chat.people.find(fromIrcNick(target)) !== undefined;
    if (isHere) client.reply("502", "Cannot change mode for other users. Name yourself.");
    else client.reply("401", target, "No such nick/channel. Name yourself, or a #channel.");
    return;
  }
  if (changes === undefined) client.reply("221", `+${modesOf(client)}`);
  else change(client, changes);
}

/** The modes that a client has, in order. */
export function modesOf(client: IrcClient): string {
  return [...USER_MODES].filter((mode) => hasMode(client, mode)).join("");
}

function hasMode({ modes, member }: IrcClient, mode: string): boolean {
  return mode === "o" ? member.isOperator : modes.has(mode);
}

function change(client: IrcClient, changes: string): void {
  /** What has changed, in order. */
  const done = new Map<string, boolean>();
  let isOn = true;
  let isUnknown = false;
  for (const letter of changes) {
    if (letter === "+" || letter === "-") isOn = letter === "+";
    else if (!USER_MODES.includes(letter)) isUnknown = true;
    else if (hasMode(client, letter) !== isOn && setMode(client, letter, isOn)) {
      // Setting a mode and taking it off again is no change.
      if (!done.delete(letter)) done.set(letter, isOn);
    }
  }
  if (isUnknown) client.reply("501", `Unknown MODE flag. The modes are ${USER_MODES}.`);
  if (done.size === 0) return;
  client.irc.chat.presence.tell(client.person, "details");
  const on = [...done.keys()].filter((letter) => done.get(letter)).join("");
  const off = [...done.keys()].filter((letter) => !done.get(letter)).join("");
  const text = (on && `+${on}`) + (off && `-${off}`);
  client.send({ source: client.mask, verb: "MODE", params: [client.nick, text] });
}

/** Returns whether the mode may be set so. */
function setMode({ modes, person }: IrcClient, mode: string, isOn: boolean): boolean {
  if (SETTABLE.includes(mode)) {
    if (isOn) modes.add(mode);
    else modes.delete(mode);
    return true;
  }
  // OPER makes an operator, MODE can only undo it.
  if (isOn) return false;
  person.renounce();
  return true;
}
