/** The annotated example of the documentation. */

import { assertEquals } from "@std/assert";
import { serveOptions } from "../../../lib/cli/settings/serve_options.ts";
import { SERVICES } from "../../../lib/service/mod.ts";

const EXAMPLE = new URL("../../../docs/partyline.toml", import.meta.url);

function optionsWith(file: string | undefined) {
  return serveOptions(
    { flags: new Map(file === undefined ? [] : [["config", ["partyline.toml"]]]) },
    { env: () => undefined, readTextFile: () => Promise.resolve(file!) },
    SERVICES,
  );
}

Deno.test("docs/partyline.toml is valid, and its settings after #: are the defaults", async () => {
  const example = await Deno.readTextFile(EXAMPLE);
  const { retention: _1, alerts, web, ...asShown } = await optionsWith(example);
  const { retention: _2, alerts: _3, web: defaultWeb, ...defaults } = await optionsWith(undefined);
  assertEquals(asShown, defaults);
  assertEquals(alerts.map(({ name, everyMs }) => [name, everyMs]), [["disk", 300_000]]);
  assertEquals(web?.hosts, ["chat.example.org"]);
  const { retention: _4, alerts: _5, web: sameWeb, ...uncommented } = await optionsWith(
    example.replaceAll("#: ", ""),
  );
  assertEquals(uncommented, defaults);
  assertEquals(sameWeb?.endpoint, defaultWeb?.endpoint);
});

Deno.test("The configuration of docs/operate.md for a company is valid", async () => {
  const page = await Deno.readTextFile(new URL("../../../docs/operate.md", import.meta.url));
  const [, indented] = /^ *```toml\n((?:(?! *```).*\n)*?.*access = "accounts"(?:.*\n)*?) *```$/m
    .exec(page)!;
  const { listen, web, access, sharedPassword } = await serveOptions(
    { flags: new Map([["config", ["partyline.toml"]]]) },
    {
      env: () => undefined,
      readTextFile: (path) =>
        Promise.resolve(path === "partyline.toml" ? indented : "correct horse"),
    },
    SERVICES,
  );
  assertEquals(listen.map(({ allow }) => allow && `${allow}`), [
    "10.0.0.0/8",
    undefined,
    "10.20.0.0/16",
  ]);
  assertEquals([`${web?.allow}`, access, sharedPassword], [
    "10.0.0.0/8",
    "accounts",
    "correct horse",
  ]);
});
