import { nameKey, parseSpeakerName } from "../../../domain/name.ts";
import type { ChatSession } from "../chat_session.ts";
import type { ChatCommand } from "../command.ts";
import { rememberIgnored } from "../person_memory.ts";

const MAX_IGNORED = 100;

export const ignore: ChatCommand = {
  name: "ignore",
  usage: "/ignore [NAME]",
  summary: "hide messages from a person or a log source; again to show them",
  details: "Without a name, lists whom you ignore. Log sources work too: " +
    "/ignore web1/nginx. With an account, the list is kept for your next visit.",
  async run(person, argument) {
    const { ignored } = person;
    if (argument === "") {
      const names = [...ignored].join(", ");
      person.notice(names === "" ? "You aren't ignoring anyone." : `You are ignoring ${names}.`);
      return;
    }
    const name = parseSpeakerName(argument);
    const key = nameKey(name);
    if (person.member.heed(key)) {
      await keep(person);
      person.notice(`You are no longer ignoring ${name}.`);
    } else if (key === nameKey(person.nickname)) {
      person.error("That is your own name. /ignore NAME hides somebody else's messages.");
    } else if (ignored.size >= MAX_IGNORED) {
      person.error(
        `You are ignoring ${MAX_IGNORED} names, which is the limit. Stop ignoring one first.`,
      );
    } else {
      person.member.ignore([key]);
      await keep(person);
      // Not refused: the person may have just left, or the source may be silent at the moment.
      const doubt = isKnown(person, name) ? "" : `Nobody here is called ${name} at the moment. `;
      person.notice(
        `${doubt}You are ignoring ${name}. /ignore ${name} again shows their messages.`,
      );
    }
  },
};

async function keep(person: ChatSession): Promise<void> {
  if (await rememberIgnored(person)) return;
  person.error("This holds for now, but could not be saved for your next visit.");
}

/** Whether somebody has the name, or has said something lately in one of the person's rooms. */
function isKnown(person: ChatSession, name: string): boolean {
  // Log sources come and go, and only they have such names.
  if (/[/:]/.test(name) || person.chat.people.find(name)) return true;
  const key = nameKey(name);
  return person.rooms.some(({ recent }) => recent.some(({ from }) => nameKey(from) === key));
}
