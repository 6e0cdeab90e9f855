import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { DomainError } from "../../lib/domain/domain_error.ts";
import {
  checkNewRoomName,
  isRoomName,
  nameKey,
  NICKNAME_RULES,
  parseName,
  parseRoomName,
  ROOM_NAME_RULES,
  toSourceName,
} from "../../lib/domain/name.ts";

function assertRefused(text: string, sentence: string): void {
  const error = assertThrows(() => parseName(text, NICKNAME_RULES), DomainError);
  assertEquals([error.code, error.message], ["bad-name", sentence]);
}

const LETTERS_ONLY = "Names may contain only letters, digits, _ - and .";

Deno.test("parseName() accepts letters of any script, digits, _ - and .", () => {
  for (const name of ["jack", "J", "ann_2", "a.b-c", "Żółw", "дядя", "李雷", "नमस्ते", "٣", "𝒥ack"]) {
    assertEquals(parseName(name, NICKNAME_RULES), name);
  }
});

Deno.test("parseName() trims spaces", () => {
  assertEquals(parseName("  jack \t", NICKNAME_RULES), "jack");
});

Deno.test("parseName() returns the NFC form", () => {
  assertEquals(parseName("Ame\u0301lie", NICKNAME_RULES), "Am\u00e9lie");
});

Deno.test("parseName() refuses an empty name", () => {
  for (const text of ["", "   ", "\t"]) assertRefused(text, "Names cannot be empty.");
});

Deno.test("parseName() refuses all other characters", () => {
  for (
    const text of ["two words", "a,b", "a:b", "#a", "@a", "a/b", "<a>", "😀", "a\u2800", "a\ufffd"]
  ) {
    assertRefused(text, LETTERS_ONLY);
  }
});

Deno.test("parseName() refuses control characters anywhere", () => {
  for (let code = 0; code < 0xa0; code++) {
    if (code >= 0x20 && code < 0x7f) continue;
    assertRefused(`a${String.fromCharCode(code)}b`, LETTERS_ONLY);
  }
});

Deno.test("parseName() refuses invisible characters, even invisible letters", () => {
  // Joiners, direction marks, fillers (letters) and a variation selector (a mark).
  for (const code of [0xad, 0x200b, 0x200c, 0x200d, 0x200e, 0x202e, 0x2060, 0x2066, 0xfeff]) {
    assertRefused(`ja${String.fromCharCode(code)}ck`, LETTERS_ONLY);
  }
  for (const code of [0x115f, 0x1160, 0x3164, 0xffa0, 0x34f, 0x180b, 0xfe0f, 0xe0100]) {
    assertRefused(String.fromCodePoint(code), LETTERS_ONLY);
    assertRefused(`jack${String.fromCodePoint(code)}`, LETTERS_ONLY);
  }
});

Deno.test("parseName() refuses a name that begins with a combining mark", () => {
  assertRefused("\u0301jack", LETTERS_ONLY);
  assertRefused("\u0301", LETTERS_ONLY);
});

Deno.test("parseName() counts characters, not UTF-16 units", () => {
  const longest = "𝒥".repeat(32);
  assertEquals(parseName(longest, NICKNAME_RULES), longest);
  assertRefused("a".repeat(33), "Names may have at most 32 characters; this one has 33.");
  assertRefused("𝒥".repeat(40), "Names may have at most 32 characters; this one has 40.");
});

Deno.test("parseName() counts after composition", () => {
  assertEquals(parseName("e\u0301".repeat(32), NICKNAME_RULES), "é".repeat(32));
});

Deno.test("parseRoomName() removes one number sign", () => {
  assertEquals(parseRoomName("#lobby"), "lobby");
  assertEquals(parseRoomName(" #lobby "), "lobby");
  assertEquals(parseRoomName("lobby"), "lobby");
  assertThrows(() => parseRoomName("##lobby"), DomainError, "Room names may contain only letters");
});

Deno.test("parseRoomName() accepts up to 64 characters", () => {
  assertEquals(parseRoomName("r".repeat(64)).length, ROOM_NAME_RULES.maxLength);
  assertThrows(
    () => parseRoomName("#" + "r".repeat(65)),
    DomainError,
    "Room names may have at most 64 characters; this one has 65.",
  );
  assertThrows(() => parseRoomName("#"), DomainError, "Room names cannot be empty.");
});

Deno.test("nameKey() is equal for look-alikes by case, width and compatibility", () => {
  const families = [
    ["jack", "JACK", "Jack", "ｊａｃｋ", "ＪＡＣＫ", "𝒿ack", "𝐉𝐀𝐂𝐊"],
    ["sam", "SAM", "ſam", "ｓam"],
    ["kim", "KIM", "\u212aim"],
    ["οδος", "οδοσ", "ΟΔΟΣ", "Οδοϲ"],
    ["straße", "STRASSE", "STRAẞE", "strasse", "ſtraße"],
    ["file", "ﬁle", "FILE"],
    ["élan", "e\u0301lan", "ÉLAN"],
    ["ılk", "ilk", "ILK"],
  ];
  for (const family of families) {
    for (const name of family) assertEquals(nameKey(name), nameKey(family[0]), name);
  }
  assertEquals(new Set(families.map(([name]) => nameKey(name))).size, families.length);
});

Deno.test("nameKey() is different for different names", () => {
  const names = ["ann", "anna", "an", "änn", "a.nn", "a-nn", "a_nn", "ann2"];
  assertEquals(new Set(names.map(nameKey)).size, names.length);
  assertNotEquals(nameKey("e"), nameKey("é"));
});

Deno.test("nameKey() maps all cases and forms of a letter, and the key itself, to the same key", () => {
  const allowed = /[\p{L}\p{M}\p{Nd}_.-]/u;
  let checked = 0;
  for (let code = 0; code < 0x20000; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const letter = String.fromCodePoint(code);
    if (!allowed.test(letter)) continue;
    checked++;
    const key = nameKey(`x${letter}`);
    const others = [letter.toLowerCase(), letter.toUpperCase(), letter.normalize("NFKC")];
    for (const other of others) {
      if (nameKey(`x${other}`) !== key) throw new Error(`${letter} and ${other} differ`);
    }
    if (nameKey(key) !== key) throw new Error(`The key of ${letter} has another key`);
  }
  assert(checked > 60_000, `only ${checked} letters`);
});

Deno.test("checkNewRoomName() refuses the two names that URLs resolve", () => {
  for (const name of [".", ".."]) {
    assertThrows(() => checkNewRoomName(name), DomainError, "Room names cannot be . or ..");
    assertEquals(isRoomName(name), false);
  }
  for (const name of ["...", ".a", "a.", "..a"]) {
    checkNewRoomName(name);
    assertEquals(isRoomName(name), true);
  }
});

Deno.test("toSourceName() keeps the names of hosts, programs and addresses", () => {
  const names = ["web1/nginx", "db.example.org/su", "127.0.0.1", "fe80::1", "unix-7", "é/你", "_"];
  assertEquals(names.map(toSourceName), names);
});

Deno.test("toSourceName() makes a valid name of anything", () => {
  assertEquals(toSourceName("a\0b \x1b[2J<c>"), "a_b___2J_c_");
  assertEquals(toSourceName(""), "_");
  assertEquals(toSourceName("\u0301x"), "_x");
  assertEquals(toSourceName("a\u200bb\u3164c\u202e"), "a_b_c_");
  assertEquals(toSourceName("e\u0301"), "\u00e9");
  assertEquals(toSourceName("é".repeat(100)), "é".repeat(64));
  assertEquals(toSourceName("𝒥".repeat(100)), "𝒥".repeat(64));
});
