import { assert, assertEquals } from "@std/assert";
import { ChatRoom, type Guest, settle } from "../../support/chat_room.ts";
import { draftOf } from "../../support/room_events.ts";

/** Everything that can move the cursor, change a mode, end a line or reverse the writing direction. */
const UNSAFE_CODES = [
  ...range(0x00, 0x1f),
  ...range(0x7f, 0x9f),
  0x061c,
  0x200e,
  0x200f,
  ...range(0x2028, 0x202e),
  ...range(0x2066, 0x2069),
];
// No line feed, which would end the line.
const UNSAFE = UNSAFE_CODES.map((code) => String.fromCharCode(code)).filter((c) => c !== "\n");
const ALL_UNSAFE = UNSAFE.join("");
const ATTACKS = [
  ...UNSAFE.map((character) => `a${character}b`),
  "\x1b[2J\x1b[H\x1b]0;title\x07",
  "\x1b]52;c;ZXZpbA==\x07",
  "\x9b31m",
  "\u202egnihtemos",
  `all: ${ALL_UNSAFE}`,
];

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function assertHarmless(guest: Guest, who: string): void {
  // Our own styles always end; a colour that does not end came from a peer.
  // deno-lint-ignore no-control-regex
  const text = guest.transcript.replace(/\x1b\[(?:[12]|3[1-6])m([^\x1b\r\n]+)\x1b\[0m/g, "$1");
  for (const line of text.split("\r\n")) {
    for (const character of line) {
      if (UNSAFE_CODES.includes(character.charCodeAt(0))) {
        throw new Error(`${who} is shown ${JSON.stringify(line)}`);
      }
    }
  }
}

Deno.test("Chat shows nobody a control character, no matter how it arrived", async () => {
  await using chat = new ChatRoom();
  const [mal, ann, bob, cat, dan] = await chat.enterAll("mal", "ann", "bob", "cat", "dan");
  bob.say("/set colour on", "/set time on", "/set width 30");
  cat.say("/join tea");
  dan.say("/set echo on");
  await settle();
  for (const attack of ATTACKS) {
    for (const words of ["", "/me ", "/topic ", "/msg ann ", "/away ", "//"]) {
      mal.say(words + attack);
    }
    // Text repeated in an answer.
    for (
      const words of [
        "/",
        "/help ",
        "/nick ",
        "/join ",
        "/leave ",
        "/who ",
        "/ignore ",
        "/quote ",
        "/history ",
        "/set ",
        "/set time ",
        "/reply ",
      ]
    ) mal.say(words + attack);
    mal.say(`/msg ${attack} hello`);
    await settle();
    ann.say("/msg mal hello", `/reply ${attack}`, "/who", "/topic", "/rooms");
    dan.say(attack);
    await settle();
    mal.say("/away");
    await settle();
  }
  ann.say("/history 500");
  bob.say("/history 500", "/quote 7");
  const late = chat.connect();
  late.say(...ATTACKS.map((attack) => `mal${attack}`), "late");
  await settle();
  mal.say(`/quit ${ALL_UNSAFE}`);
  await settle();

  const room: Record<string, Guest> = { mal, ann, bob, cat, dan, late };
  for (const [who, guest] of Object.entries(room)) {
    assert(guest.transcript.length > 1000, `${who} saw too little`);
    assertHarmless(guest, who);
  }
  // The text arrived with its control characters written out.
  for (const shown of ["<mal> a^[b", "* mal a^Hb", "<mal> a<U+009B>b", "<mal> a<U+202E>b"]) {
    assert(ann.transcript.includes(shown), shown);
    assert(cat.transcript.includes(`#lobby ${shown}`), `#lobby ${shown}`);
  }
  for (const shown of ["mal -> you: a^[b", "* mal is away: a^[b", "* Topic of #lobby: a^[b"]) {
    assert(ann.transcript.includes(shown), shown);
  }
  assert(ann.transcript.includes("* mal left (^"), "the last word");
  assert(dan.transcript.includes("<dan> a^[b"), "echo");
});

Deno.test("Chat stores control characters unchanged", async () => {
  await using chat = new ChatRoom();
  const mal = await chat.enter("mal");
  await mal.ask("a\x1b[31mb\u202ec\x9bd");
  const [event] = await chat.log.read("lobby", 1, 1);
  assertEquals(event.body, "a\x1b[31mb\u202ec\x9bd");
});

Deno.test("Chat makes events harmless that other services stored", async () => {
  await using chat = new ChatRoom();
  await chat.log.append(ATTACKS.flatMap((attack) => [
    draftOf("build", attack, { kind: "log", from: `make${attack}` }),
    draftOf("build", attack, { kind: "notice", from: "server" }),
    draftOf("build", attack, { kind: "gap", from: "server" }),
    draftOf("build", attack, { kind: "topic" }),
    draftOf("build", attack, { kind: "message" }),
  ]));
  for (const setting of ["time on", "colour on", "width 20", "colour off"]) {
    const jack = await chat.enter(`jack-${setting.replace(" ", "-")}`);
    jack.say(`/set ${setting}`, "/join build", "/history 500", "/topic", "/rooms");
    await settle();
    assert(jack.transcript.length > 5000);
    assertHarmless(jack, setting);
  }
});
