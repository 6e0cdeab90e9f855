import { assertRejects } from "@std/assert";
import { openListeners } from "../../lib/cli/listeners.ts";
import { parseEndpoint } from "../../lib/transport/endpoint.ts";

Deno.test("openListeners() says what to change if a tutorial port is in use", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const endpoint = parseEndpoint(`tcp://127.0.0.1:${taken.addr.port}`);
  const sentence = `Cannot listen on tcp://127.0.0.1:${taken.addr.port}: the port is in use. ` +
    "Stop the program that uses it, or choose another port with --listen";
  await assertRejects(
    () => openListeners([{ service: "echo", endpoint, isTutorial: true }]),
    Error,
    `${sentence} in place of --tutorials.`,
  );
  await assertRejects(() => openListeners([{ service: "echo", endpoint }]), Error, `${sentence}.`);
});

Deno.test("openListeners() opens nothing if it cannot open everything", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const directory = await Deno.makeTempDir({ prefix: "partyline-listeners-" });
  try {
    const path = `${directory}/socket`;
    const bindings = [
      { service: "bank", endpoint: parseEndpoint(`unix://${path}`) },
      { service: "echo", endpoint: parseEndpoint(`tcp://127.0.0.1:${taken.addr.port}`) },
    ];
    await assertRejects(() => openListeners(bindings), Error, "the port is in use");
    await assertRejects(() => Deno.lstat(path), Deno.errors.NotFound);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
