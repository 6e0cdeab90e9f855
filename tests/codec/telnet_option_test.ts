import { assertEquals } from "@std/assert";
import { DO, DONT, WILL, WONT } from "../../lib/codec/telnet_code.ts";
import { OptionSide } from "../../lib/codec/telnet_option.ts";

const ON = "on";
const OFF = "off";

/** How to reach each state of RFC 1143 section 7 from the first one, NO. */
const WAYS: Readonly<Record<string, (side: OptionSide) => void>> = {
  "NO": () => {},
  "YES": (side) => side.receive(true, true),
  "WANTYES": (side) => side.request(true),
  "WANTYES OPPOSITE": (side) => {
    side.request(true);
    side.request(false);
  },
  "WANTNO": (side) => {
    side.receive(true, true);
    side.request(false);
  },
  "WANTNO OPPOSITE": (side) => {
    side.receive(true, true);
    side.request(false);
    side.request(true);
  },
};

function inState(state: string): OptionSide {
  const side = new OptionSide("him");
  WAYS[state](side);
  assertEquals(stateOf(side), state);
  return side;
}

function stateOf(side: OptionSide): string {
  return side.queue === "EMPTY" ? side.state : `${side.state} ${side.queue}`;
}

function sent(command: number | undefined): string {
  return command === undefined ? "" : command === DO ? ON : OFF;
}

/** The state before, the state after, and what is sent ("" for nothing). */
type Row = readonly [before: string, after: string, sends: string];

function checkTable(rows: readonly Row[], event: (side: OptionSide) => number | undefined): void {
  assertEquals(rows.map(([before]) => before).sort(), Object.keys(WAYS).sort(), "every state");
  for (const [before, after, sends] of rows) {
    const side = inState(before);
    const command = event(side);
    assertEquals([before, stateOf(side), sent(command)], [before, after, sends]);
  }
}

Deno.test("OptionSide.receive() of WILL, if we agree, follows RFC 1143 section 7", () => {
  checkTable([
    ["NO", "YES", ON],
    ["YES", "YES", ""],
    ["WANTNO", "NO", ""],
    ["WANTNO OPPOSITE", "YES", ""],
    ["WANTYES", "YES", ""],
    ["WANTYES OPPOSITE", "WANTNO", OFF],
  ], (side) => side.receive(true, true));
});

Deno.test("OptionSide.receive() of WILL, if we disagree, refuses only what we did not request", () => {
  checkTable([
    ["NO", "NO", OFF],
    ["YES", "YES", ""],
    ["WANTNO", "NO", ""],
    ["WANTNO OPPOSITE", "YES", ""],
    ["WANTYES", "YES", ""],
    ["WANTYES OPPOSITE", "WANTNO", OFF],
  ], (side) => side.receive(true, false));
});

for (const willing of [true, false]) {
  Deno.test(`OptionSide.receive() of WONT follows RFC 1143 section 7, willing or not (${willing})`, () => {
    checkTable([
      ["NO", "NO", ""],
      ["YES", "NO", OFF],
      ["WANTNO", "NO", ""],
      ["WANTNO OPPOSITE", "WANTYES", ON],
      ["WANTYES", "NO", ""],
      ["WANTYES OPPOSITE", "NO", ""],
    ], (side) => side.receive(false, willing));
  });
}

Deno.test("OptionSide.request() to enable follows RFC 1143 section 7", () => {
  checkTable([
    ["NO", "WANTYES", ON],
    ["YES", "YES", ""],
    ["WANTNO", "WANTNO OPPOSITE", ""],
    ["WANTNO OPPOSITE", "WANTNO OPPOSITE", ""],
    ["WANTYES", "WANTYES", ""],
    ["WANTYES OPPOSITE", "WANTYES", ""],
  ], (side) => side.request(true));
});

Deno.test("OptionSide.request() to disable follows RFC 1143 section 7", () => {
  checkTable([
    ["NO", "NO", ""],
    ["YES", "WANTNO", OFF],
    ["WANTNO", "WANTNO", ""],
    ["WANTNO OPPOSITE", "WANTNO", ""],
    ["WANTYES", "WANTYES OPPOSITE", ""],
    ["WANTYES OPPOSITE", "WANTYES OPPOSITE", ""],
  ], (side) => side.request(false));
});

Deno.test("OptionSide negotiates our side with WILL and WONT", () => {
  const us = new OptionSide("us");
  assertEquals(us.receive(true, false), WONT);
  assertEquals(us.receive(true, true), WILL);
  assertEquals(us.receive(false, true), WONT);
  assertEquals(us.request(true), WILL);
  assertEquals(us.receive(true, false), undefined);
  assertEquals(us.request(false), WONT);
});

Deno.test("OptionSide negotiates the peer's side with DO and DONT", () => {
  const him = new OptionSide("him");
  assertEquals(him.receive(true, false), DONT);
  assertEquals(him.receive(true, true), DO);
  assertEquals(him.receive(false, true), DONT);
  assertEquals(him.request(true), DO);
  assertEquals(him.receive(true, false), undefined);
  assertEquals(him.request(false), DONT);
});

Deno.test("OptionSide.request() of opposite things from both ends settles, whoever speaks first", () => {
  // Without the queue, two ends that change their minds before the answer could go on forever.
  for (const order of [[0, 1], [1, 0]]) {
    const ours = new OptionSide("us");
    const theirs = new OptionSide("him");
    const sides = [ours, theirs];
    const inboxes: number[][] = [[], []];
    const say = (from: number, command: number | undefined) => {
      if (command !== undefined) inboxes[1 - from].push(command);
    };
    say(0, ours.request(true));
    say(0, ours.request(false));
    say(0, ours.request(true));
    say(1, theirs.request(true));
    say(1, theirs.request(false));
    let steps = 0;
    while (inboxes.some((inbox) => inbox.length > 0)) {
      const reader = order.find((side) => inboxes[side].length > 0)!;
      const command = inboxes[reader].shift()!;
      say(reader, sides[reader].receive(command === WILL || command === DO, true));
      if (++steps > 20) throw new Error("The two ends do not settle");
    }
    assertEquals(ours.state, theirs.state);
  }
});
