import type { ChatCommand } from "../command.ts";
import { tellMissed } from "../rooms/missed_notice.ts";
import { keepSecret } from "../speech/said_text.ts";

export const away: ChatCommand = {
  name: "away",
  usage: "/away [TEXT]",
  summary: "tell people who message you that you are away; again to come back",
  async run(person, argument) {
    if (person.awayText !== undefined && argument === "") {
      const { leftOff } = person;
      person.setAway(undefined);
      person.notice("You are back.");
      return await tellMissed(person, leftOff);
    }
    keepSecret(person, argument);
    person.setAway(argument);
    person.notice(
      `You are away${argument === "" ? "" : `: ${argument}`}. Type /away again when you're back.`,
    );
  },
};
