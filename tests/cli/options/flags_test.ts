import { assertEquals, assertThrows } from "@std/assert";
import { parseArguments } from "../../../lib/cli/options/flags.ts";
import type { OptionSpec } from "../../../lib/cli/options/option.ts";
import { UsageError } from "../../../lib/cli/options/usage_error.ts";

const SPECS: readonly OptionSpec[] = [
  { name: "listen", kind: "list", value: "SERVICE=ENDPOINT", doc: "" },
  { name: "data", kind: "string", value: "DIR", doc: "" },
  { name: "web", kind: "string", value: "ENDPOINT", negatable: true, doc: "" },
  { name: "lines", short: "n", kind: "integer", value: "N", min: 0, max: 9, doc: "" },
  { name: "durability", kind: "choice", choices: ["normal", "full"], doc: "" },
  { name: "json", short: "j", kind: "flag", doc: "" },
];

const parse = (...argv: string[]) => parseArguments(argv, SPECS);
const flags = (...argv: string[]) => Object.fromEntries(parse(...argv).flags);
const complaint = (...argv: string[]) => assertThrows(() => parse(...argv), UsageError).message;

Deno.test("parseArguments() separates flags from positionals, and keeps both as text", () => {
  const { positionals, flags } = parse("007", "--data", "12", "--json", "1e3", "--lines=5", "-");
  assertEquals(positionals, ["007", "1e3", "-"]);
  assertEquals(Object.fromEntries(flags), { data: ["12"], json: true, lines: ["5"] });
});

Deno.test("parseArguments() lists only flags that were given", () => {
  assertEquals(flags(), {});
});

Deno.test("parseArguments() collects a list in order, with equals signs in its values", () => {
  assertEquals(flags("--listen", "chat=tcp://h:1?idle=5", "--listen=echo=tcp://h:2"), {
    listen: ["chat=tcp://h:1?idle=5", "echo=tcp://h:2"],
  });
});

Deno.test("parseArguments() takes everything after -- as positional", () => {
  const { positionals, flags } = parse("--data", "d", "--", "--json", "--nonsense", "-x");
  assertEquals(positionals, ["--json", "--nonsense", "-x"]);
  assertEquals([...flags.keys()], ["data"]);
});

Deno.test("parseArguments() does not take a positional true or false as the value of a flag", () => {
  const { positionals, flags } = parse("--json", "true", "--no-web", "false");
  assertEquals(positionals, ["true", "false"]);
  assertEquals(Object.fromEntries(flags), { json: true, web: false });
});

Deno.test("parseArguments() turns flags on and off, and the last one wins", () => {
  assertEquals(flags("--json"), { json: true });
  assertEquals(flags("-j"), { json: true });
  assertEquals(flags("--json=false"), { json: false });
  assertEquals(flags("--no-json"), { json: false });
  assertEquals(flags("--no-json", "--json"), { json: true });
  assertEquals(flags("--json", "--no-json"), { json: false });
});

Deno.test("parseArguments() takes the value of a short flag with or without a space", () => {
  assertEquals(flags("-n", "5"), { lines: ["5"] });
  assertEquals(flags("-n5"), { lines: ["5"] });
  assertEquals(flags("-jn", "5"), { lines: ["5"], json: true });
});

Deno.test("parseArguments() takes -5 for the option that is a count", () => {
  const specs = [{ ...SPECS[3], isCount: true } as OptionSpec, SPECS[5]];
  const values = (...argv: string[]) => parseArguments(argv, specs).flags.get("lines");
  assertEquals([values("log", "-5"), values("-12", "log", "--json")], [["5"], ["12"]]);
  assertEquals(parseArguments(["--", "-5"], specs).positionals, ["-5"]);
  assertThrows(() => values("-5", "-n", "6"), UsageError, "--lines was given twice");
  assertThrows(() => values("--lines", "-5"), UsageError, "--lines needs a value");
  assertThrows(() => parse("-5"), UsageError, "Unknown option -5");
});

const COMPLAINTS: readonly [argv: string[], sentence: string][] = [
  [["--liste", "x"], "Unknown option --liste: did you mean --listen?"],
  [["--liste=x"], "Unknown option --liste: did you mean --listen?"],
  [["-listen", "x"], "Unknown option -listen: did you mean --listen?"],
  [["--now-eb"], "Unknown option --now-eb: did you mean --no-web?"],
  [["--no-data"], "Unknown option --no-data: did you mean --data?"],
  [["--verbose"], "Unknown option --verbose"],
  [["-v"], "Unknown option -v"],
  [["--_", "x"], "Unknown option --_"],
  [["--a.b"], "Unknown option --a.b"],
  [["--constructor"], "Unknown option --constructor"],
  [["--__proto__=x"], "Unknown option --__proto__"],
  [["--data"], "Option --data needs a value: --data DIR"],
  [["--data", ""], "Option --data needs a value: --data DIR"],
  [["--data="], "Option --data needs a value: --data DIR"],
  [["--data", "--json"], "Option --data needs a value: --data DIR"],
  [["--lines", "-5"], "Option --lines needs a value: --lines N"],
  [["-n"], "Option --lines needs a value: --lines N"],
  [["--listen", "--"], "Option --listen needs a value: --listen SERVICE=ENDPOINT"],
  [["--durability"], "Option --durability needs a value: --durability normal|full"],
  [["--data", "a", "--data=b"], "Option --data was given twice"],
  [["--lines", "1", "-n", "2"], "Option --lines was given twice"],
  [["--no-web=x"], "Option --no-web takes no value"],
  [["--no-json=true"], "Option --no-json takes no value"],
  [["--json=maybe"], 'Cannot parse --json "maybe": use true or false'],
];

for (const [argv, sentence] of COMPLAINTS) {
  Deno.test(`parseArguments() refuses ${JSON.stringify(argv.join(" "))} with a sentence`, () => {
    assertEquals(complaint(...argv), sentence);
  });
}
