/**
 * Compares searches with an oracle that reads every event, over random logs with random redactions
 * and random queries, with the index, without it, and with half of it. `PARTYLINE_SEARCH_LOGS` sets how many logs,
 * `PARTYLINE_SEED` the random numbers.
 */

import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { LEVELS } from "../../../lib/level.ts";
import { type Draft, ROOM_EVENT_KINDS, type RoomEvent } from "../../../lib/domain/room_event.ts";
import { verifyIndexFile } from "../../../lib/store/sqlite/verify/verify_index_file.ts";
import { verifyLog } from "../../../lib/store/sqlite/verify/verify_log.ts";
import { SeededRandom } from "../../support/random.ts";
import { rounds, SEED } from "../../support/rounds.ts";
import { SearchableLog } from "../../support/searchable_log.ts";

const LOGS = rounds(2, 20, "PARTYLINE_SEARCH_LOGS");
const QUERIES = 120;

const START = Date.UTC(2026, 10, 21, 6, 30);
const ROOMS = ["lobby", "Ops", "log", "бар"];
const SENDERS = ["ann", "Bob", "web1/nginx", "10.0.0.7:514", "Zoë", "makefile", "x".repeat(80)];
const WORDS = [
  ..."a I the error Error ERROR timeout time tim connection refused café CAFE CAFÉ naïve".split(
    " ",
  ),
  ..."200 404 10.0.0.1 8f3a9c2e 8f3a9c2f req77 req78 v1.2.3 12ms 2026-11-21T06:30:00.123Z".split(
    " ",
  ),
  ..."会議 会 議室 東京タワー สวัสดี 👍 👩‍💻 ﬁne Ｆｕｌｌ Straße ΣΊΣΥΦΟΣ Й ё ½ x² naïve8 é9 9é".split(
    " ",
  ),
  "http://example.org/a",
  "https://x.org",
  "httpd://no",
  'say "hi"',
  "back\\slash",
  "tab\there",
  "new\nline",
  "nul\0nul",
  "under_score",
  "\x1b[31mERROR\x1b[0m",
  "ti\x1b[1;4mme\x1b[24mout",
  "req\x1b[7m77",
  "hy-phen",
  "soft\u00adhyphen",
  "zero\u200bwidth",
  "e\u0301",
  "\ue000ann",
  "l".repeat(70),
  "l".repeat(75),
  `n${"1".repeat(70)}`,
  "é".repeat(40),
  "кириллица".repeat(8),
];

/** A draft, often of the same run as the one before. */
function randomDraft(random: SeededRandom, before: Draft | undefined): Draft {
  const { room, kind, from, via } = before && random.int(4) > 0 ? before : {
    room: random.pick(ROOMS),
    kind: random.pick(["message", "message", "log", "log", "log", ...ROOM_EVENT_KINDS] as const),
    from: random.pick(SENDERS),
    via: random.pick(["tcp", "web", undefined]),
  };
  const body = Array.from({ length: random.int(9) }, () => random.pick(WORDS))
    .join(random.pick([" ", " ", " ", ", ", "", " - "]));
  const fields = random.int(3) > (kind === "log" ? 1 : 0) ? undefined : {
    level: random.pick<unknown>([...LEVELS, "WARN", "Error", 3, 30, "loud", null]),
    host: random.pick(["web1", "web2"]),
    id: random.int(100),
    deep: { list: [random.pick(WORDS), true, null, 1.5] },
    "Odd.Key 7": random.pick(WORDS),
    ...(random.int(9) === 0 && { more: random.pick(WORDS) }),
  };
  return { room, kind, from, body: body.normalize("NFC"), fields, via };
}

/** Redacts one of the events in a room, or a number that has none. */
function randomRedaction(random: SeededRandom, events: readonly RoomEvent[]): Draft {
  const room = random.pick(ROOMS);
  const own = events.filter((event) => event.room === room);
  const of = String(1 + random.int(own.length + 2));
  const body = random.pick(["", "", "rude", "timeout 404"]);
  return { room, kind: "redaction", from: random.pick(SENDERS), body, fields: { of } };
}

/** Applies a redaction as plainly as possible. */
function apply(redaction: RoomEvent, events: RoomEvent[]): void {
  const { room, seq, from, body: why, at } = redaction;
  const of = redaction.kind === "redaction" ? Number(redaction.fields?.of) : NaN;
  const index = events.findIndex((event) => event.room === room && event.seq === of);
  if (index === -1 || of >= seq) return;
  const event = events[index];
  const lasting = ["gap", "moderation", "redaction", "react", "unreact", "pin", "unpin"];
  if (lasting.includes(event.kind) || event.fields?.redacted) return;
  const fields = { redacted: from, redactedAt: new Date(at).toISOString() };
  events[index] = { ...event, body: "", fields: why === "" ? fields : { ...fields, why } };
}

/** A condition of a query, and what it means, implemented as plainly as possible. */
interface Claim {
  readonly text: string;
  holds(event: RoomEvent): boolean;
}

const SINGLES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Extended_Pictographic}]/u;

const known = new Map<string, string[]>();

function tokens(text: string): string[] {
  let words = known.get(text);
  if (!words) known.set(text, words = split(text));
  return words;
}

/** A text without colours. */
function unstyled(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b\[[0-9;]*m/g, "");
}

/** The words of a text, found by walking over its characters. */
function split(text: string): string[] {
  const found: string[] = [];
  let word = "";
  const end = () => {
    if (word !== "") found.push(word);
    word = "";
  };
  for (const character of unstyled(text).normalize("NFKD")) {
    const code = character.codePointAt(0)!;
    if (code >= 0x300 && code < 0x370 || [0xad, 0x200b, 0x200d].includes(code)) continue;
    if (SINGLES.test(character)) {
      end();
      found.push(character);
    } else if (/[\p{L}\p{N}\p{M}]/u.test(character)) {
      word += { "ς": "σ", "ß": "ss" }[character] ?? character.toLowerCase();
    } else {
      end();
    }
  }
  end();
  return found;
}

function leaves(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  return typeof value === "object" ? Object.values(value).flatMap(leaves) : [String(value)];
}

function says(event: RoomEvent, wanted: readonly string[], isPrefix: boolean): boolean {
  return [event.body, ...leaves(event.fields)].some((text) => {
    const words = tokens(text);
    return words.some((_, start) =>
      wanted.every((word, index) => {
        const found = words[start + index];
        return isPrefix && index === wanted.length - 1
          ? isPrefixOf(word, words.slice(start + index))
          : found === word;
      })
    );
  });
}

function isPrefixOf(prefix: string, [word]: readonly string[]): boolean {
  return word?.startsWith(prefix) ?? false;
}

function randomClaim(random: SeededRandom): Claim {
  switch (random.int(16)) {
    case 15:
      return random.pick([
        { text: "field.redacted:ann", holds: (e) => e.fields?.redacted === "ann" },
        { text: "field.why:rude", holds: (e) => e.fields?.why === "rude" },
      ]);
    case 13: {
      const [host, path] = [random.pick(["web1", "WEB2", "web*", "web3"]), "host"];
      const start = host.replace("*", "").toLowerCase();
      const isPrefix = host.endsWith("*");
      const holds = (value: string) => isPrefix ? value.startsWith(start) : value === start;
      return { text: `${path}:${host}`, holds: (e) => leaves(e.fields?.host).some(holds) };
    }
    case 14: {
      const [path, valuesOf] = random.pick<[string, (fields: RoomEvent["fields"]) => unknown]>([
        ["id", (fields) => fields?.id],
        ["DEEP.list", (fields) => (fields?.deep as { list: unknown })?.list],
        ["deep.list.0", (fields) => (fields?.deep as { list: unknown[] })?.list[0]],
      ]);
      const word = random.pick([...WORDS.filter((word) => !word.includes('"')), "1.5", "true"]);
      const value = random.int(2) > 0 ? word : String(random.int(100));
      const same = (text: string) => plainly(text) === plainly(value);
      return {
        text: `field.${path}:"${value}"`,
        holds: (e) => leaves(valuesOf(e.fields)).some(same),
      };
    }
    case 12: {
      const at = START + random.int(20_000);
      const time = new Date(at).toISOString();
      return random.int(2) > 0
        ? { text: `after:${time}`, holds: (e) => e.at >= at }
        : { text: `before:"${time.replace("T", " ")}"`, holds: (e) => e.at < at };
    }
    case 0: {
      const from = random.pick(["ann", "BOB", "web1/nginx", "10.0.0.7:514", "zoë", "nobody"]);
      return { text: `from:${from}`, holds: (e) => e.from.toLowerCase() === from.toLowerCase() };
    }
    case 1: {
      const from = random.pick(["a*", "web*", "xxxx*", "10.*"]);
      const start = from.slice(0, -1);
      return { text: `from:${from}`, holds: (e) => e.from.toLowerCase().startsWith(start) };
    }
    case 2: {
      const room = random.pick(["lobby", "#OPS", "Log", "бар", "nowhere"]);
      const name = room.replace("#", "").toLowerCase();
      return { text: `in:${room}`, holds: (e) => e.room.toLowerCase() === name };
    }
    case 3: {
      const kinds = [random.pick(ROOM_EVENT_KINDS), random.pick(ROOM_EVENT_KINDS)];
      return { text: `kind:${kinds.join(",")}`, holds: (e) => kinds.includes(e.kind) };
    }
    case 4: {
      const levels: Record<string, unknown[]> = {
        err: ["err", "Error", 3],
        "warning+": ["emerg", "alert", "crit", "err", "Error", 3, "warning", "WARN"],
        info: ["info", 30],
      };
      const level = random.pick(Object.keys(levels));
      return { text: `level:${level}`, holds: (e) => levels[level].includes(e.fields?.level) };
    }
    case 5:
      return {
        text: "has:link",
        holds: (e) =>
          [e.body, ...leaves(e.fields)].some((text) =>
            /(?<![\p{L}\p{N}\p{M}])https?:\/\/\w/u.test(text.replace(SINGLE_BEFORE_LINK, " "))
          ),
      };
    case 6: {
      // The same word in capitals and without accents.
      const word = tokens(random.pick(WORDS)).join(" ");
      const wanted = tokens(word);
      if (wanted.length === 0) return randomClaim(random);
      return {
        text: `"${word.toUpperCase()}"`,
        holds: (e) => says(e, tokens(word.toUpperCase()), false),
      };
    }
    case 7: {
      const [word] = tokens(random.pick(WORDS));
      const start = [...word].slice(0, 1 + random.int(4)).join("");
      return { text: `${start}*`, holds: (e) => says(e, tokens(start), true) };
    }
    default: {
      const words = Array.from(
        { length: 1 + random.int(2) * random.int(3) },
        () => random.pick(WORDS),
      );
      const phrase = words.join(" ").replaceAll('"', " ");
      const wanted = tokens(phrase);
      if (wanted.length === 0) return randomClaim(random);
      return { text: `"${phrase}"`, holds: (e) => says(e, wanted, false) };
    }
  }
}

/** A text as it is compared as a whole. */
function plainly(text: string): string {
  return unstyled(text).normalize("NFKD").replace(/[\u0300-\u036f\xad\u200b\u200d]/g, "")
    .toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ");
}

const SINGLE_BEFORE_LINK = new RegExp(`${SINGLES.source}(?=http)`, "gu");

function randomQuery(random: SeededRandom): Claim {
  const claims = Array.from({ length: 1 + random.int(3) }, () => {
    const claim = randomClaim(random);
    if (random.int(5) > 0) return claim;
    return { text: `-${claim.text}`, holds: (e: RoomEvent) => !claim.holds(e) };
  });
  const asks = (filter: string) => claims.filter(({ text }) => text.startsWith(filter));
  // The same filter several times means any of them.
  const fields = ["id", "DEEP.list", "deep.list.0", "redacted", "why"].map((path) =>
    `field.${path}:`
  );
  const filters = ["from:", "in:", "kind:", "level:", "host:", ...fields];
  const groups = [
    ...filters.map(asks).filter((group) => group.length > 0),
    ...claims.filter(({ text }) => !filters.some((f) => text.startsWith(f))).map((c) => [c]),
  ];
  const wantsKind = asks("kind:").length > 0;
  return {
    text: claims.map(({ text }) => text).join(" "),
    holds: (event) =>
      groups.every((group) => group.some((claim) => claim.holds(event))) &&
      (wantsKind || !["join", "part", "react", "unreact"].includes(event.kind)),
  };
}

Deno.test("LogSearcher finds the same events as reading every event, in any state of the index", async () => {
  const random = new SeededRandom(SEED);
  let found = 0;
  for (let round = 0; round < LOGS; round++) {
    await using file = new SearchableLog();
    const events: RoomEvent[] = [];
    const bulkEvents = random.pick([1, 50, 300, 100_000]);
    for (let batch = 0; batch < 40; batch++) {
      const size = 1 + random.int(random.pick([2, 60]));
      const drafts: Draft[] = [];
      while (drafts.length < size) {
        const isRedaction = random.int(8) === 0;
        drafts.push(
          isRedaction ? randomRedaction(random, events) : randomDraft(random, drafts.at(-1)),
        );
      }
      const stored = await file.append(...drafts);
      events.push(...stored);
      for (const event of stored) apply(event, events);
      if (random.int(6) === 0) file.index({ bulkEvents, steps: 1 });
      // Clocks can be set back, too.
      file.now += random.int(1000) - 100;
    }
    for (let number = 0; number < QUERIES; number++) {
      if (number === QUERIES / 3) file.index({ bulkEvents });
      const { text, holds } = randomQuery(random);
      const before = random.int(4) > 0 ? undefined : 1 + random.int(events.length + 2);
      const expected = events.filter((event) => event.id < (before ?? Infinity) && holds(event))
        .map(({ id }) => id).reverse();
      const usesIndex = random.int(10) > 0;
      const context = `seed ${SEED}, log ${round}, query ${number}: ${text} before ${before}`;
      assertEquals(file.find(text, { before }, usesIndex), expected, context);
      found += expected.length;
    }
    file.index({ bulkEvents });
    assertEquals(damageIn(file), [], `seed ${SEED}, log ${round}`);
  }
  // A test that never finds anything would show little.
  assertEquals(found > LOGS * QUERIES, true, `${found} events were found`);
});

/** The damage that `verify` finds. */
function damageIn({ path, indexPath }: SearchableLog): string[] {
  using log = new DatabaseSync(path, { readOnly: true });
  return [...verifyLog(log), ...verifyIndexFile(log, indexPath)]
    .filter(({ isDamage }) => isDamage).map(({ text }) => text);
}
