import { fitsIrcLine } from "../../../codec/irc_message.ts";
import { isInForce } from "../../../domain/access/rules/restrictions.ts";
import { openRules } from "../../../domain/access/rules/room_rules.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromChannel, toChannel, toIrcNick } from "../irc_names.ts";
import { explainAbsence, explainNoChannel, findKnown } from "../known_channels.ts";
import { channelModesOf, type ListLetter, listOf } from "../modes/channel_modes.ts";
import { isAddress } from "../modes/list_masks.ts";
import { type ChangedRoom, changeModes } from "../modes/mode_changes.ts";
import { type ModeRequest, parseModes } from "../modes/mode_request.ts";
import { runUserMode } from "../modes/user_modes.ts";
import type { Verb } from "../verb.ts";

export const MODE: Verb = {
  name: "MODE",
  minParams: 1,
  help: [
    "MODE NICK [+LETTERS][-LETTERS] - shows or changes your own modes",
    "i: only people in your channels find you; w: you get WALLOPS; B: you are a bot",
    "MODE #CHANNEL [+LETTERS][-LETTERS [PARAMETER...]] - shows or changes the modes of a channel",
    "o NICK: operator while there; v NICK: may speak where m is set",
    "C: no CTCP; i: for those invited; m: moderated; n: nothing from outside; s: in no list; " +
    "t: moderators set the topic; k KEY: newcomers need it; l NUMBER: most people",
    "b MASK: banned, $m:MASK: may not speak; e MASK: never banned; I MASK: may enter though i is set",
  ],
  async run(client, { params: [target, letters, ...params] }) {
    if (fromChannel(target) === undefined) return runUserMode(client, target, letters);
    const room = findKnown(client, target);
    if (!room) return explainNoChannel(client, target);
    if (letters === undefined) return await show(client, room);
    const requests = parseModes(letters, params);
    for (const request of requests) {
      if (request.kind === "unknown") {
        client.reply("472", request.letter, "is unknown mode char to me. HELP MODE lists them.");
      } else if (request.kind === "list") await showList(client, room, request.letter);
    }
    const changes = requests.filter(isChange);
    if (changes.length === 0) return;
    if (!room.members.has(client.member) && !client.member.isOperator) {
      return explainAbsence(client, target);
    }
    await changeModes(client, room, changes);
  },
};

function isChange(
  request: ModeRequest,
): request is Exclude<ModeRequest, { kind: "list" | "unknown" }> {
  return request.kind !== "list" && request.kind !== "unknown";
}

/** RPL_CHANNELMODEIS, RPL_CREATIONTIME */
async function show(client: IrcClient, { name, members }: ChangedRoom): Promise<void> {
  const { irc: { chat: { access } }, member, person } = client;
  const [letters, ...params] = channelModesOf(
    access.rules(name) ?? openRules(name),
    members.has(member),
  );
  const source = client.irc.settings.serverName;
  const channel = toChannel(name);
  client.send({ source, verb: "324", params: [client.nick, channel, letters, ...params] });
  const [first] = await person.sees.read(name, 0, 1);
  if (!first) return;
  const created = String(Math.floor(first.at / 1000));
  client.send({ source, verb: "329", params: [client.nick, channel, created] });
}

const LIST_NUMERICS: Readonly<Record<ListLetter, readonly [string, string, string]>> = {
  b: ["367", "368", "End of channel ban list"],
  e: ["348", "349", "End of channel exception list"],
  I: ["346", "347", "End of channel invite exception list"],
};

/** Shows a list. Only those who keep order see addresses. */
async function showList(
  client: IrcClient,
  { name, members }: ChangedRoom,
  letter: ListLetter,
): Promise<void> {
  const { irc: { chat: { access }, clock }, member } = client;
  const [entry, end, text] = LIST_NUMERICS[letter];
  const rules = access.rules(name) ?? openRules(name);
  const inForce = {
    ...rules,
    bans: rules.bans.filter((ban) => isInForce(ban, clock.now())),
    mutes: rules.mutes.filter((mute) => isInForce(mute, clock.now())),
  };
  const isMember = members.has(member);
  const isModerator = !access.refusal(member, name, "moderate", { isMember });
  const source = client.irc.settings.serverName;
  const channel = toChannel(name);
  for (const { mask, target, by, at } of listOf(inForce, letter)) {
    if (!isModerator && isAddress(target)) continue;
    const setter = by === undefined || at === undefined
      ? []
      : [toIrcNick(by), String(Math.floor(at / 1000))];
    const message = { source, verb: entry, params: [client.nick, channel, mask, ...setter] };
    const isWhole = fitsIrcLine(message);
    client.send(isWhole ? message : { ...message, params: message.params.slice(0, 3) });
    if (!await client.ready()) return;
  }
  client.reply(end, channel, text);
}
