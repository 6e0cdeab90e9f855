/** All verbs of IRC with random parameters: each is answered, and never by an internal error. */

import { assert, assertNotMatch } from "@std/assert";
import { Buffer } from "node:buffer";
import { VERBS } from "../../lib/service/irc/verbs/mod.ts";
import type { IrcClient } from "../support/irc_client.ts";
import { IrcRoom } from "../support/irc_room.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";

const LINES = rounds(5000, 500_000);

/** Parameters, and parts of them, separated by spaces. */
const WORDS = [
  "#lobby #one #Two # #@ann+bob #ünï @#lobby +#one @+#lobby ann bob Bob ａｎｎ * ? NickServ irc.test",
  "0 1 -1 5 501 99999999999 1e3 302 LS REQ END LATEST BEFORE AFTER AROUND BETWEEN TARGETS",
  "msgid=one#3 msgid=one#0 msgid=one#-1 msgid=@ann+bob#1 msgid= msgid=# one#1 lobby#99999",
  "timestamp=2026-11-21T06:30:00.000Z timestamp=9999-12-31T23:59:59.999Z timestamp=0000 timestamp=",
  "+ - C L S +o -v +b +beI +k +l b $a:x $m:y $r:z *!*@* *!*@10.0.0.0/8 *!*@::1/128 ::1 a!b@c",
  "%tcuihsnfdlaor,123 % %, %zz,9999 o >1 <5 C>1 T<3 !x* a,b,c,d,e,f,g,h,i,j,k,l , ,,",
  "text=beer in=#lobby;from=ann in=;text=\\s;limit=999 after=x before=2026 +1 -1 draft/multiline",
  "PLAIN SCRAM-SHA-256 AAAA AGFubgBzZXNhbWU= sesame REGISTER IDENTIFY LOGOUT INFO CERT ADD DEL OP",
  "DEOP VOICE DROP SET PASSWORD HELP \0 \u202e \x01ACTION \x01VERSION\x01 \x03,4 é ﬀ",
].flatMap((line) => line.split(" ")).concat("x".repeat(70), "y".repeat(300), "😀".repeat(20));
const TAGS = [
  ...["label=x", "batch=1", "+draft/reply=one#1", "+draft/react=👍", "+draft/unreact=👍", "=", "+"],
  ...["draft/multiline-concat", "+typing=active", "+x=\\", ";", "time=x", "msgid=y"],
];
const CAPS = [
  ...["message-tags", "batch", "echo-message", "labeled-response", "draft/multiline", "sasl"],
  ...["server-time", "draft/chathistory", "draft/event-playback", "draft/read-marker"],
  ...["draft/message-redaction", "draft/search", "account-tag", "extended-monitor"],
];
/** Verbs that end the session, or that make no sense at random. */
const LEFT_OUT = new Set(["QUIT", "CAP"]);
const NAMES = VERBS.flatMap(({ name, aliases = [] }) => [name, ...aliases])
  .filter((name) => !LEFT_OUT.has(name));

function anyLine(random: SeededRandom): string {
  const words = (most: number) =>
    Array.from({ length: random.int(most) }, () => random.pick(WORDS)).join(" ");
  const tags = Array.from({ length: random.int(3) }, () => random.pick(TAGS)).join(";");
  const text = random.int(2) === 0 ? "" : ` :${words(4)}`;
  return `${tags === "" ? "" : `@${tags} `}${random.pick(NAMES)} ${words(6)}${text}`;
}

Deno.test("No parameters make a verb fail, or its answer too long", async () => {
  const random = new SeededRandom(SEED);
  await using room = new IrcRoom();
  let connections = 0;
  const connect = (index: number): Promise<IrcClient> =>
    room.register(`new${++connections}`, ...CAPS.filter((_, at) => at % (index + 1) === 0));
  const clients = [await connect(0), await connect(1), await connect(2)];
  for (let number = 0; number < LINES; number++) {
    const index = random.int(clients.length);
    const line = anyLine(random);
    const context = `seed ${SEED}, line ${number}: ${JSON.stringify(line)}`;
    clients[index].send(line);
    const answers = await clients[index].sync().catch((error) => {
      // Two may log in to one account.
      const isToldWhy = clients[index].transcript.some((line) => line.includes("ERROR :"));
      if (!isToldWhy) throw new Error(context, { cause: error });
    });
    if (!answers) clients[index] = await connect(index);
    for (const answer of answers ?? []) {
      assertNotMatch(answer, /Internal error|undefined|\[object/, context);
      assert(Buffer.byteLength(answer.replace(/^@\S+ /, "")) <= 510, `${context} => ${answer}`);
    }
  }
});
