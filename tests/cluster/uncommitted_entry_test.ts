/**
 * A message that a leader has not replicated to a majority is not committed. If that server is killed
 * and started again, it (NATS 2.9) may still have the message where the others have a different one.
 */

import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { assertEquals } from "@std/assert";
import { JetstreamStream } from "../../lib/backplane/jetstream/jetstream_stream.ts";
import { NatsLink } from "../../lib/backplane/jetstream/nats_link.ts";
import { type NatsServer, NatsServers } from "../support/nats_servers.ts";
import { LONG_MS, until } from "../support/patience.ts";

const ATTEMPTS = 12;

async function leaderOf(servers: NatsServers): Promise<NatsServer> {
  const connection = await connect({ servers: servers.urls });
  const { cluster } = await (await jetstreamManager(connection)).streams.info("PARTYLINE_test");
  await connection.close();
  return servers.all.find(({ name }) => name === cluster?.leader)!;
}

/** Whether any file of a directory contains a text. */
async function contains(directory: string, text: string): Promise<boolean> {
  const { success } = await new Deno.Command("grep", { args: ["-rqF", text, directory] }).output();
  return success;
}

/** Reads the first two messages. */
async function readTwo(stream: JetstreamStream): Promise<string> {
  const texts: string[] = [];
  for await (const entries of stream.read(0, new AbortController().signal)) {
    texts.push(...entries.map(({ bytes }) => new TextDecoder().decode(bytes)));
    if (texts.length >= 2) return texts.slice(0, 2).join();
  }
  throw new Error("interrupted");
}

Deno.test("JetstreamStream.read() gives the same messages each time, though one server has an uncommitted one", async () => {
  await using servers = await NatsServers.start(3);
  await using stack = new AsyncDisposableStack();
  const open = (urls: readonly string[]) => {
    const link = stack.use(new NatsLink({ servers: urls, name: "test" }));
    return new JetstreamStream(link, { name: "test", replicas: 3, maxAgeMs: 86_400_000 });
  };
  const publish = (stream: JetstreamStream, text: string) => {
    return stream.publish(new TextEncoder().encode(text), text);
  };
  const stream = open(servers.urls);
  await until("there is a stream", () => stream.describe(true).then(() => true, () => false));
  await publish(stream, "one");
  const leader = await leaderOf(servers);
  const others = servers.all.filter((server) => server !== leader);
  for (const server of others) await server.isCurrent();
  for (const server of others) await server.kill();
  const isStored = publish(open([leader.url]), "nobody's").then(() => true, () => false);
  await until("the leader has written it", () => contains(leader.directory, "nobody's"));
  await leader.kill();
  assertEquals(await isStored, false);
  for (const server of others) await server.start();
  await until("the others go on", () => {
    return publish(stream, "two").then(() => true, () => false);
  }, LONG_MS);
  await leader.start();
  await leader.isCurrent();
  const read = new Set<string>();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await until(
      "it is read",
      () => readTwo(stream).then((texts) => !!read.add(texts), () => false),
    );
  }
  assertEquals([...read].length, 1, [...read].join(" or "));
});
