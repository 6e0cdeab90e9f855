import type {
  DoneAct,
  Moderator,
  Target,
} from "../../../domain/access/moderation/moderation_act.ts";
import { isOfMutes, MUTE_MASK } from "../../../domain/access/rules/restrictions.ts";
import { SWITCHES, type SwitchName } from "../../../domain/access/rules/rule_change.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { parseRoomName } from "../../../domain/name.ts";
import { showPins } from "../acts/pin_list.ts";
import type { ChatSession } from "../chat_session.ts";
import { type ChatCommand, showUsage } from "../command.ts";
import { answerAct, resolveTarget } from "../moderation_target.ts";
import { describeRoom } from "../rooms/room_description.ts";
import { nowCalled } from "../rooms/room_lists.ts";

/** The words after `/room` that are no names of rooms. */
export const ROOM_WORDS = [
  "register",
  ...Object.keys(SWITCHES),
  "key",
  "limit",
  "slow",
  "except",
  "release",
];

export const room: ChatCommand = {
  name: "room",
  usage: "/room [NAME|SETTING on|off]",
  summary: "show or change the settings of a room",
  details:
    "/room register makes this room yours, if you are alone in it. Then, on or off: private " +
    "(for invited people only), hidden (from lists), moderated (only people with a role may " +
    "speak), topic-lock (only moderators set it), no-log (what is said is not kept), outside " +
    "(people who are not in it may speak), no-ctcp (refuse CTCP requests of IRC clients), alerts " +
    "(may report elsewhere what is said here). " +
    "/room key WORD, limit NUMBER, slow SECONDS, and off for none. /room except NAME exempts " +
    "somebody from bans, /room except $m:NAME from mutes; off after it ends that. /room release " +
    "gives the room up.",
  async run(person, argument) {
    const [word = "", ...values] = argument.split(/\s+/);
    const setting = word.toLowerCase();
    if (!ROOM_WORDS.includes(setting)) {
      if (values.length === 0) return await show(person, word);
      return person.error(
        `Rooms have no setting ${word}. Their settings are ${ROOM_WORDS.join(", ")}.`,
      );
    }
    const { name } = person.requireRoom();
    const act = change(person, name, setting, values);
    if (act) answerAct(person, await act);
    else showUsage(person, { ...room, ...USAGES[setting] });
  },
};

const USAGES: Readonly<Record<string, { readonly usage: string; readonly summary: string }>> = {
  register: { usage: "/room register", summary: "become the owner of this room" },
  release: { usage: "/room release", summary: "give this room up" },
  key: { usage: "/room key WORD|off", summary: "set a word that newcomers must give" },
  limit: { usage: "/room limit NUMBER|off", summary: "set how many people may be here" },
  slow: { usage: "/room slow SECONDS|off", summary: "set the time between messages of a person" },
  except: {
    usage: "/room except NAME|ADDRESS|MASK [off]",
    summary: "exempt somebody from bans",
  },
  ...Object.fromEntries(
    Object.keys(SWITCHES).map((name) => [
      name,
      { usage: `/room ${name} on|off`, summary: "switch a setting of this room" },
    ]),
  ),
};

/** Begins to change a setting; `undefined` if the values make no sense. */
function change(
  person: ChatSession,
  name: string,
  setting: string,
  values: readonly string[],
): Promise<DoneAct> | undefined {
  const { moderation } = person.chat;
  const member: Moderator = person.member;
  const [value = "", last = ""] = values;
  const isOff = value.toLowerCase() === "off";
  if (setting === "except") {
    if (value === "" || values.length > 2 || !["", "off"].includes(last.toLowerCase())) {
      return undefined;
    }
    const target = resolveExcepted(person, value);
    return last === ""
      ? moderation.exceptions.add(member, name, target)
      : moderation.exceptions.remove(member, name, target);
  }
  if (setting === "register" || setting === "release") {
    return values.length === 0 ? moderation.ownership[setting](member, name) : undefined;
  }
  if (values.length !== 1) return undefined;
  switch (setting) {
    case "key":
      return moderation.settings.setKey(member, name, isOff ? undefined : value);
    case "limit":
      if (isOff) return moderation.settings.setLimit(member, name, undefined);
      return isNumber(value)
        ? moderation.settings.setLimit(member, name, Number(value))
        : undefined;
    case "slow":
      if (isOff) return moderation.settings.setSlowMode(member, name, 0);
      return isNumber(value)
        ? moderation.settings.setSlowMode(member, name, Number(value))
        : undefined;
  }
  if (!isOff && value.toLowerCase() !== "on") return undefined;
  return moderation.settings.switch(member, name, setting as SwitchName, !isOff);
}

/** Whom an exception is for; `$m:` before the word makes it one of mutes. */
function resolveExcepted(person: ChatSession, word: string): Target {
  if (!isOfMutes(word.toLowerCase())) return resolveTarget(person, word);
  const target = resolveTarget(person, word.slice(MUTE_MASK.length));
  return { ...target, name: MUTE_MASK + target.name };
}

function isNumber(text: string): boolean {
  return /^\d{1,9}$/.test(text);
}

async function show(person: ChatSession, word: string): Promise<void> {
  const asked = word === "" ? person.requireRoom().name : parseRoomName(word);
  const name = person.sees.currentName(asked);
  if (name !== asked) person.notice(nowCalled(asked, name));
  const open = person.sees.find(name);
  const known = open?.name ?? (await person.sees.room(name))?.name;
  if (known === undefined) {
    throw new DomainError("no-such-room", `There is no room #${name}. /rooms lists the rooms.`);
  }
  const { access } = person.chat;
  const circumstances = {
    isMember: person.findRoom(known) !== undefined,
    members: open?.members.size,
  };
  for (const line of describeRoom(known, access, person.member, circumstances)) {
    person.notice(line);
  }
  if ((await person.sees.pins(known)).length > 0) await showPins(person, known);
}
