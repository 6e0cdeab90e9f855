import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  directRoom,
  isPartyTo,
  parsePlaceName,
  partiesOf,
  partnerIn,
  roomLabel,
} from "../../lib/domain/direct_room.ts";
import { DomainError } from "../../lib/domain/domain_error.ts";
import { nameKey, NICKNAME_RULES, parseName } from "../../lib/domain/name.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds } from "../support/rounds.ts";

const ANN = { nickname: "Ann", account: "ann" };

Deno.test("directRoom() is its own key, and tells two accounts apart from all others", () => {
  const random = new SeededRandom(7);
  const letters = [..."aAbB_.-0ßẞσςΣİıǅﬁＡ𝔄éΩ가ا"];
  const draw = () => {
    for (;;) {
      const text = Array.from({ length: 1 + random.int(4) }, () => random.pick(letters)).join("");
      try {
        return parseName(text, NICKNAME_RULES);
      } catch (error) {
        assert(error instanceof DomainError);
      }
    }
  };
  for (let round = 0; round < rounds(3000, 100_000); round++) {
    const [one, other, third] = [draw(), draw(), draw()];
    const room = directRoom(one, other);
    assertEquals(nameKey(room), room);
    assertEquals(directRoom(other, one), room);
    assertEquals([...partiesOf(room)].sort(), [nameKey(one), nameKey(other)].sort());
    const isOne = [nameKey(one), nameKey(other)].includes(nameKey(third));
    assertEquals(isPartyTo({ nickname: third, account: nameKey(third) }, room), isOne, room);
    assertEquals(partnerIn(room, nameKey(third)) !== undefined, isOne, room);
    assertEquals(isPartyTo({ nickname: one }, room), false);
  }
});

Deno.test("no letter of a name becomes a sign of a room of two", () => {
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code === 0xd800) code = 0xe000;
    const character = String.fromCodePoint(code);
    if (!/[\p{L}\p{M}\p{Nd}_.-]/u.test(character)) continue;
    assert(!/[@+]/.test(nameKey(character)), `U+${code.toString(16)}`);
  }
});

Deno.test("parsePlaceName() reads rooms and conversations as people write them", () => {
  const cases = [
    ["#Lobby", "Lobby"],
    ["@bob", "@ann+bob"],
    [" #@BOB ", "@ann+bob"],
    ["@zoe+Bob", "@bob+zoe"],
  ] as const;
  for (const [text, name] of cases) assertEquals(parsePlaceName(text, ANN), name, text);
  assertEquals(parsePlaceName("@bob", { nickname: "ann" }), "@bob");
  for (const text of ["", "@", "@a b", "@ann+", "@+bob", "@a+b+c", "@@bob", "a+b"]) {
    assertThrows(() => parsePlaceName(text, ANN), DomainError, undefined, text);
  }
});

Deno.test("roomLabel() calls a conversation by the other one", () => {
  assertEquals(roomLabel("lobby", "ann"), "#lobby");
  assertEquals(roomLabel("@ann+bob", "ann"), "@bob");
  assertEquals(roomLabel("@ann+bob", "bob"), "@ann");
  assertEquals(roomLabel("@ann+bob", "zoe"), "@ann+bob");
  assertEquals(roomLabel("@ann+bob"), "@ann+bob");
});
