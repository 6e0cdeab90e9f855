/** Control characters: whatever somebody says of themselves is no command to others' terminals. */

import { assertEquals } from "@std/assert";
import { IrcRoom } from "../../support/irc_room.ts";

const EVIL = "x\x1b[31mE\u202eR\x9b\x07\rQUIT\0:z";
/** All but IRC's own formatting. */
// deno-lint-ignore no-control-regex -- that is what it is about
const RAW = /[\0\x05-\x0e\x10\x12-\x15\x17-\x1c\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;
const CAPS = ["message-tags", "server-time", "extended-join", "away-notify", "setname"];

/** What somebody can send that others see, or can ask for. */
const LINES = [
  "JOIN #den",
  `AWAY :${EVIL}`,
  `SETNAME :${EVIL}`,
  `PRIVMSG #den :${EVIL}`,
  `PRIVMSG ann :${EVIL}`,
  `NOTICE #den :\x01VERSION ${EVIL}\x01`,
  "@+x=a\x1b\u202e\\r\\nQUIT;time=2000-01-01T00:00:00.000Z;account=root;msgid=1 PRIVMSG #den :hi",
  "@+typing=\x9b\\r\\nQUIT TAGMSG #den",
  `PART #den :${EVIL}`,
  "JOIN #own",
  "INVITE ann #own",
  `TOPIC #own :${EVIL}`,
  `KICK #own ann :${EVIL}`,
  `QUIT :${EVIL}`,
];
const QUESTIONS = ["WHOIS eve", "WHO eve", "WHO #own %nfr", "TOPIC #own", "LIST", "WHOWAS eve"];

Deno.test("Nobody is sent control characters of others, or tags that only the server gives", async () => {
  await using room = new IrcRoom();
  const ann = await room.registerAs("ann", { caps: CAPS });
  const eve = await room.registerAs("eve", { caps: CAPS, user: EVIL, realname: EVIL });
  ann.send("JOIN #den");
  await ann.sync();
  for (const line of LINES) {
    eve.send(line);
    if (!line.startsWith("QUIT")) await eve.sync();
    ann.send(...QUESTIONS, ...(line === "JOIN #own" ? [line] : []));
    for (const heard of await ann.sync()) {
      assertEquals(RAW.exec(heard), null, JSON.stringify(heard));
      assertEquals(/^@\S*(?:=2000|root|msgid=1\b)/.exec(heard), null, heard);
      assertEquals(/^(?:@\S+ )?(?::\S+ )?QUIT /.test(heard), false);
    }
  }
});
