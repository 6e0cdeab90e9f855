/** The annotated example of the documentation. */

import { assertEquals } from "@std/assert";
import { resolveServe, toServeOptions } from "../../../lib/cli/settings/serve_options.ts";
import { SERVICES } from "../../../lib/service/mod.ts";

const EXAMPLE = new URL("../../../docs/partyline.toml", import.meta.url);

/** The options of a server whose configuration is the first of these texts. */
async function optionsWith(config: string | undefined, others = "") {
  const flags = new Map(config === undefined ? [] : [["config", ["partyline.toml"]]]);
  const environment = {
    env: () => undefined,
    readTextFile: (path: string) => Promise.resolve(path === "partyline.toml" ? config! : others),
  };
  return await toServeOptions(await resolveServe({ flags }, environment), environment, SERVICES);
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
  const { listen, web, access, sharedPassword } = await optionsWith(
    indented,
    "correct horse",
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
