import type { ChatCommand } from "../command.ts";

export const away: ChatCommand = {
  name: "away",
  usage: "/away [TEXT]",
  summary: "tell those who write to you that you are away, or that you are back",
  run(person, argument) {
    if (person.awayText !== undefined && argument === "") {
      person.awayText = undefined;
      person.notice("You are back.");
      return;
    }
    person.awayText = argument.normalize("NFC");
    person.notice(
      `You are away${argument === "" ? "" : `: ${argument}`}. /away says you are back.`,
    );
  },
};
