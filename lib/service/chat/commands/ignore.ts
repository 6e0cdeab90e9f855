import { nameKey, parseSpeakerName } from "../../../domain/name.ts";
import type { ChatCommand } from "../command.ts";

const MOST_IGNORED = 100;

export const ignore: ChatCommand = {
  name: "ignore",
  usage: "/ignore [NAME]",
  summary: "stop showing what somebody says, or show it again",
  details: "Without a name it lists whom you ignore. It may be a source of log lines, too: " +
    "/ignore web1/nginx.",
  run(person, argument) {
    const { ignored } = person;
    if (argument === "") {
      const names = [...ignored].join(", ");
      person.notice(names === "" ? "You ignore nobody." : `You ignore ${names}.`);
      return;
    }
    const name = parseSpeakerName(argument);
    const key = nameKey(name);
    if (ignored.delete(key)) {
      person.notice(`You see again what ${name} says.`);
    } else if (key === nameKey(person.nickname)) {
      person.error("That is your own name. /ignore NAME ignores another.");
    } else if (ignored.size >= MOST_IGNORED) {
      person.error(`You ignore ${MOST_IGNORED} names, which is the limit. Take one back first.`);
    } else {
      ignored.add(key);
      person.notice(`You no longer see what ${name} says. /ignore ${name} again takes it back.`);
    }
  },
};
