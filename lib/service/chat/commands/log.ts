import type { ChatSession, FollowedLog } from "../chat_session.ts";
import { type ChatCommand, splitWord } from "../command.ts";
import { LogFollow } from "../rooms/log_follow.ts";
import { nowCalled } from "../rooms/room_lists.ts";

export const followLog: ChatCommand = {
  name: "log",
  usage: "/log [ROOM] [FILTER]",
  summary: "follow a log, not folded, through a filter; /log off ends it",
  details:
    "FILTER is level=warn for that level and anything more severe, source=api, words, or anything " +
    "else that /search knows: /log db level=warn source=postgres -tmp. /log alone says how much " +
    "the filter has let through.",
  async run(person, argument) {
    if (!person.screen.showLog) {
      return person.error("Logs cannot be followed here. Use the filters above the messages.");
    }
    const { logFollow } = person;
    if (argument === "") return tell(person);
    if (argument === "off") {
      if (!logFollow) return tell(person);
      logFollow.stop();
      return void person.notice(
        `You are no longer following #${logFollow.room}: ${logFollow.counts}.`,
      );
    }
    const [word, rest] = splitWord(argument);
    const isRoom = /^#?[^\s:="-][^\s:="]*$/.test(word);
    const name = isRoom ? person.sees.parseName(word) : person.requireRoom().name;
    const filter = isRoom ? rest : argument;
    const known = person.sees.find(name) ?? await person.sees.room(name);
    if (!known) return person.error(`There is no room #${name}. /rooms lists them.`);
    const current = person.sees.currentName(known.name);
    // Programs may still write under the former name.
    if (current !== known.name) person.notice(nowCalled(known.name, current));
    const follow = new LogFollow(person, known.name, filter);
    logFollow?.stop();
    person.logFollow = follow;
    person.notice(`You are following ${placeOf(follow)}. /log off ends it.`);
    await follow.start();
  },
};

function tell(person: ChatSession): void {
  const { logFollow } = person;
  person.notice(
    logFollow
      ? `You are following ${placeOf(logFollow)}: ${logFollow.counts}. /log off ends it.`
      : "You aren't following a log. /log ROOM level=warn follows one.",
  );
}

function placeOf({ room, filter }: FollowedLog): string {
  return filter === "" ? `#${room}` : `#${room} (${filter})`;
}
