import { isPattern } from "../../../domain/access/rules/restrictions.ts";
import { isOwned } from "../../../domain/access/rules/room_rules.ts";
import type { ChatSession } from "../chat_session.ts";
import { type ChatCommand, showUsage } from "../command.ts";
import { answerAct, peopleOf, resolveAccount, resolveTarget } from "../moderation_target.ts";
import { invitationText } from "../rooms/invitation_notice.ts";

export const invite: ChatCommand = {
  name: "invite",
  usage: "/invite NAME",
  summary: "invite somebody to this room",
  details:
    "NAME needs an account or, if nobody owns this room, has to be here. They may enter even if " +
    "it is private or has a key, and are told now or when they come back. A mask such as " +
    "*!*@192.0.2.* invites everybody who matches. For moderators. /uninvite takes it back.",
  async run(person, argument) {
    const room = person.requireRoom();
    if (argument === "" || /\s/.test(argument)) return showUsage(person, invite);
    if (isPattern(argument)) {
      const { moderation } = person.chat;
      const target = resolveTarget(person, argument);
      return answerAct(
        person,
        await moderation.invitations.welcome(person.member, room.name, target),
      );
    }
    const guest = person.chat.people.find(argument);
    if (guest && guest.member.account === undefined && !hasOwner(person, room.name)) {
      return await inviteOnce(person, room.name, guest);
    }
    const account = resolveAccount(person, argument);
    const present = peopleOf(person, account.key);
    const { moderation } = person.chat;
    const isPresent = present.length > 0;
    answerAct(
      person,
      await moderation.invitations.invite(person.member, room.name, account, isPresent),
    );
    for (const guest of present) tellInvited(guest, person, room.name);
    if (!isPresent) person.notice(`${account.name} is away, and will be told when they return.`);
  },
};

function hasOwner({ chat }: ChatSession, room: string): boolean {
  const rules = chat.access.rules(room);
  return rules !== undefined && isOwned(rules);
}

/** Invites somebody without an account, whom nothing but their connection tells from others. */
async function inviteOnce(person: ChatSession, room: string, guest: ChatSession): Promise<void> {
  const { moderation } = person.chat;
  answerAct(person, await moderation.invitations.expect(person.member, room, guest.member));
  tellInvited(guest, person, room);
}

function tellInvited(guest: ChatSession, { nickname }: ChatSession, room: string): void {
  guest.notice(invitationText(nickname, room));
}
