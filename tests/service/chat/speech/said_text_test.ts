import { assertEquals, assertThrows } from "@std/assert";
import { DomainError } from "../../../../lib/domain/domain_error.ts";
import {
  bodyOf,
  repairsText,
  saidBody,
  type Speaker,
} from "../../../../lib/service/chat/speech/said_text.ts";

/** Somebody in a chat with jack. */
function speaker(hasSpoken: boolean): Speaker {
  const find = (name: string) => name === "jack" ? {} : undefined;
  return {
    hasSpoken,
    chat: {
      people: { find },
      accounts: { find: () => undefined },
      blocks: { bytes: 20, lines: 2 },
    },
  };
}

function codeOf(work: () => void): string {
  return assertThrows(work, DomainError).code;
}

Deno.test("bodyOf() returns a text as it is stored, if it is not too long", () => {
  const ann = speaker(true);
  assertEquals(bodyOf(ann, "cafe\u0301\r\n\n"), "café");
  assertEquals(codeOf(() => bodyOf(ann, "\n \n")), "no-text");
  assertEquals(codeOf(() => bodyOf(ann, "1\n2\n3")), "too-long");
});

Deno.test("saidBody() limits only what people say to each other", () => {
  const ann = speaker(true);
  const long = "a topic of more than 20 bytes";
  assertEquals(saidBody(ann, "topic", long), long);
  assertEquals(codeOf(() => saidBody(ann, "action", long)), "too-long");
});

Deno.test("bodyOf() refuses what may be a log-in, by what the speaker has said and who is there", () => {
  assertEquals(bodyOf(speaker(true), "login page is down"), "login page is down");
  for (const [hasSpoken, text] of [[true, "/login x y"], [true, "login jack x"]] as const) {
    assertEquals(codeOf(() => bodyOf(speaker(hasSpoken), text)), "looks-like-login");
  }
  assertEquals(codeOf(() => bodyOf(speaker(false), "login kim x")), "looks-like-login");
});

Deno.test("repairsText() counts places", () => {
  assertEquals(
    [1, 2].map((count) => repairsText("ann", count)),
    [
      "1 place in ann's last line was not UTF-8 and is shown as \ufffd",
      "2 places in ann's last line were not UTF-8 and are shown as \ufffd",
    ],
  );
});
