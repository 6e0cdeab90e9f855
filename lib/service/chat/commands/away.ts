import type { ChatCommand } from "../command.ts";

export const away: ChatCommand = {
  name: "away",
  usage: "/away [TEXT]",
  summary: "tell people who message you that you are away; again to come back",
  run(person, argument) {
    if (person.awayText !== undefined && argument === "") {
      person.setAway(undefined);
      person.notice("You are back.");
      return;
    }
    person.keepSecret(argument);
    person.setAway(argument);
    person.notice(
      `You are away${argument === "" ? "" : `: ${argument}`}. Type /away again when you're back.`,
    );
  },
};
