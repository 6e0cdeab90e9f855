import type { ChatSession } from "../../chat/chat_session.ts";
import { invitationText } from "../../chat/rooms/invitation_notice.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromIrcNick, toChannel, toIrcNick } from "../irc_names.ts";
import { explainAbsence, findEntered } from "../known_channels.ts";
import { actTeller } from "../lines/act_tags.ts";
import { shownOnIrc } from "../lines/shown_on_irc.ts";
import { prefixesOf } from "../modes/channel_prefixes.ts";
import type { Verb } from "../verb.ts";

/** Rooms listed by `INVITE` without parameters. */
const MOST_LISTED = 100;

export const INVITE: Verb = {
  name: "INVITE",
  help: [
    "INVITE NICK #CHANNEL - invites somebody, who may then enter once, whatever the modes",
    "INVITE - lists the channels that you are invited to",
  ],
  async run(client, { params: [nick, channel] }) {
    if (nick === undefined) return listInvitations(client);
    if (channel === undefined) {
      return client.reply("461", "INVITE", "Not enough parameters. Use INVITE NICK #CHANNEL.");
    }
    await invite(client, nick, channel);
  },
};

async function invite(client: IrcClient, nick: string, channel: string): Promise<void> {
  const { irc: { chat: { access, moderation, people } }, member } = client;
  const guest = people.find(fromIrcNick(nick));
  if (!guest) return client.reply("401", nick, "No such nick. Nobody here is called that.");
  const room = findEntered(client, channel);
  if (!room) return explainAbsence(client, channel);
  if (room.members.has(guest.member)) {
    return client.reply("443", nick, channel, "They are already on that channel.");
  }
  const refusal = access.refusal(member, room.name, "invite", { isMember: true });
  // Anybody may ask somebody into a channel that everybody may enter.
  if (refusal && access.rules(room.name)?.isPrivate) {
    return client.explain(refusal, "INVITE", channel);
  }
  if (!refusal) await moderation.invitations.expect(member, room.name, guest.member);
  client.send({
    source: client.irc.settings.serverName,
    verb: "341",
    params: [client.nick, toIrcNick(guest.nickname), toChannel(room.name)],
  });
  if (guest.awayText !== undefined) {
    client.reply("301", toIrcNick(guest.nickname), shownOnIrc(guest.awayText) || "Away");
  }
  tellInvited(client, guest, room.name);
}

function tellInvited(client: IrcClient, guest: ChatSession, room: string): void {
  const { irc, person } = client;
  const channel = toChannel(room);
  const message = {
    source: client.mask,
    verb: "INVITE",
    params: [toIrcNick(guest.nickname), channel],
  };
  const tell = actTeller(person, message);
  if (guest.screen.showInvitation) guest.screen.showInvitation(person.nickname, room);
  else guest.notice(invitationText(person.nickname, room));
  // Those who keep order know who is let in (IRCv3 invite-notify).
  for (const member of person.findRoom(room)?.members ?? []) {
    const other = irc.clients.get(member);
    if (!other?.caps.has("invite-notify") || other === client) continue;
    if (prefixesOf(irc, room, member).startsWith("@")) tell(other);
  }
}

/** RPL_INVITELIST, RPL_ENDOFINVITELIST */
function listInvitations(client: IrcClient): void {
  const { irc: { chat: { access } }, member } = client;
  let listed = 0;
  for (const { name } of access.invitationsOf(member)) {
    client.reply("336", toChannel(name));
    if (++listed === MOST_LISTED) break;
  }
  client.reply("337", "End of INVITE list");
}
