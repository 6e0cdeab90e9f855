import {
  alsoShownTo,
  exceptedTarget,
  isInForce,
  isOfMutes,
} from "../../../domain/access/rules/restrictions.ts";
import type { Restriction } from "../../../domain/access/rules/room_rules.ts";
import type { Asker } from "../../../domain/asker.ts";
import { dayAndTime } from "../../../domain/wording.ts";
import type { ChatCommand } from "../command.ts";

export const bans: ChatCommand = {
  name: "bans",
  usage: "/bans",
  summary: "list who may not enter or speak in this room",
  details: "For moderators.",
  async run(person) {
    const { name } = person.requireRoom();
    const { access, moderation } = person.chat;
    access.require(person.member, name, "moderate");
    const rules = access.rules(name);
    const now = moderation.now();
    const lines = [
      ...(rules?.bans ?? []).filter((ban) => isInForce(ban, now))
        .map((ban) => `banned: ${describe(person.member, ban)}`),
      ...(rules?.mutes ?? []).filter((mute) => isInForce(mute, now))
        .map((mute) => `muted: ${describe(person.member, mute)}`),
      ...(rules?.exceptions ?? []).map((exception) =>
        `never ${isOfMutes(exception) ? "muted" : "banned"}: ${exceptedTarget(exception)}`
      ),
    ];
    if (lines.length === 0) person.notice(`Nobody is banned from #${name} or muted in it.`);
    for (const line of lines) {
      person.notice(line);
      if (!await person.screen.ready()) return;
    }
  },
};

function describe(asker: Asker, restriction: Restriction): string {
  const { target, by, until, reason } = restriction;
  const names = [target, ...alsoShownTo(asker, restriction) ?? []].join(", ");
  const time = until === undefined ? "for good" : `until ${dayAndTime(until)}`;
  return `${names} ${time}, by ${by}${reason && ` (${reason})`}`;
}
