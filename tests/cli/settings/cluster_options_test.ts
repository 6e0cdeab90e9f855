import { assert, assertEquals, assertRejects } from "@std/assert";
import { parseConfigFile } from "../../../lib/cli/options/config_file.ts";
import { UsageError } from "../../../lib/cli/options/usage_error.ts";
import { readCluster } from "../../../lib/cli/settings/cluster_options.ts";

function read(text: string, files: Record<string, string> = {}) {
  return readCluster(parseConfigFile("p.toml", text), (path) => {
    if (Object.hasOwn(files, path)) return Promise.resolve(files[path]);
    return Promise.reject(new Deno.errors.NotFound("No such file"));
  });
}

Deno.test("readCluster() returns nothing without [cluster]", async () => {
  assertEquals(await read(`data = "d"`), undefined);
});

Deno.test("readCluster() needs only servers and node", async () => {
  const options = await read(`[cluster]\nservers = ["nats://h:4222"]\nnode = "a"`);
  assertEquals(options, {
    servers: ["nats://h:4222"],
    name: "partyline",
    node: "a",
    replicas: 1,
    keepForMs: 604_800_000,
    user: undefined,
    password: undefined,
    token: undefined,
    credentials: undefined,
  });
  const three = `["nats://a", "tls://b:1", "nats://[::1]:2"]`;
  assertEquals((await read(`[cluster]\nservers = ${three}\nnode = "a"`))!.replicas, 3);
});

Deno.test("readCluster() reads credentials and certificates", async () => {
  const options = await read(
    `[cluster]
    servers = ["tls://h:4222"]
    node = "a"
    creds = "c"
    tls-ca = "ca.pem"
    tls-cert = "cert.pem"
    tls-key = "key.pem"`,
    { c: "secret", "ca.pem": "CA", "cert.pem": "CERT", "key.pem": "KEY" },
  );
  assertEquals(options!.credentials, "secret");
  assertEquals(options!.tls, { ca: "CA", cert: "CERT", key: "KEY" });
});

Deno.test("readCluster() refuses what is missing or makes no sense, with its line", async () => {
  const refusals: Record<string, string> = {
    [`node = "a"`]: `[cluster] needs servers, such as ["nats://127.0.0.1:4222"]`,
    [`servers = ["nats://h"]`]: `[cluster] needs node, such as node = "a"`,
    [`servers = ["http://h"]\nnode = "a"`]: "write nats://HOST:PORT",
    [`servers = ["nats://jo:secret@h"]\nnode = "a"`]: "write nats://HOST:PORT",
    [`servers = ["nats://h"]\nnode = "a.b"`]: "use at most 32 letters, digits, _ and -",
    [`servers = ["nats://h"]\nnode = "a"\ncreds = "no"`]: "cannot read no",
    [`servers = ["nats://h"]\nnode = "a"\ntls-cert = "c"`]: "belong together",
    [`servers = ["nats://h"]\nnode = "a"\nreplica = 3`]: `Did you mean "replicas"`,
  };
  for (const [lines, sentence] of Object.entries(refusals)) {
    const error = await assertRejects(
      () => read(`[cluster]\n${lines}`, { c: "CERT" }),
      UsageError,
    );
    assert(error.message.toLowerCase().includes(sentence.toLowerCase()), error.message);
  }
});
