/** The stream of entries on real NATS servers. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { StreamRefusedError } from "../../lib/backplane/entry_stream.ts";
import { JetstreamStream } from "../../lib/backplane/jetstream/jetstream_stream.ts";
import { NatsCourier } from "../../lib/backplane/jetstream/nats_courier.ts";
import { NatsLink, type NatsLinkOptions } from "../../lib/backplane/jetstream/nats_link.ts";
import { makeCertificate } from "../support/certificate.ts";
import { type MemoryDisk, MemoryNode } from "../support/memory_node.ts";
import { makeCredentials, type NatsCredentials } from "../support/nats_credentials.ts";
import { NatsRelay } from "../support/nats_relay.ts";
import { NatsServers } from "../support/nats_servers.ts";
import { until, within } from "../support/patience.ts";
import { draftOf } from "../support/room_events.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const DAY_MS = 86_400_000;

/** Nodes on NATS servers, in this process. */
class NatsNodes implements AsyncDisposable {
  readonly #links: NatsLink[] = [];
  readonly #nodes: MemoryNode[] = [];
  readonly #servers: NatsServers;
  readonly #replicas: number;

  constructor(servers: NatsServers, replicas = 1) {
    this.#servers = servers;
    this.#replicas = replicas;
  }

  connect(options: Partial<NatsLinkOptions> = {}): JetstreamStream {
    const link = new NatsLink({ servers: this.#servers.urls, name: "test", ...options });
    this.#links.push(link);
    return new JetstreamStream(link, {
      name: "test",
      replicas: this.#replicas,
      maxAgeMs: 7 * DAY_MS,
    });
  }

  async start(node: string, disk?: MemoryDisk): Promise<MemoryNode> {
    const opened = await MemoryNode.open({ stream: this, node, disk });
    this.#nodes.push(opened);
    await opened.sequencer.catchUp();
    await opened.sequencer.start();
    return opened;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.#nodes) await node[Symbol.asyncDispose]();
    for (const link of this.#links) await link[Symbol.asyncDispose]();
  }
}

/** Until all have shown as much as the first. */
async function same(nodes: readonly MemoryNode[], count: number): Promise<void> {
  await until("all have the same", () => nodes.every(({ events }) => events.length >= count));
  for (const { events } of nodes) assertEquals(events, nodes[0].events);
}

Deno.test("JetstreamStream gives the events of all nodes one order", async () => {
  await using servers = await NatsServers.start();
  await using cluster = new NatsNodes(servers);
  const nodes = [await cluster.start("a"), await cluster.start("b")];
  for (let count = 0; count < 2000; count++) {
    nodes[count % 2].sequencer.submit(draftOf("tea", `${count}`, { origin: 1 }));
    if (count % 100 === 0) await nodes[0].sequencer.settled();
  }
  await within("both", Promise.all(nodes.map(({ sequencer }) => sequencer.settled())));
  await same(nodes, 2000);
  assertEquals(nodes[0].events.length, 2000);
});

Deno.test("JetstreamStream goes on after its server was killed and started again", async () => {
  await using servers = await NatsServers.start();
  await using cluster = new NatsNodes(servers);
  const nodes = [await cluster.start("a"), await cluster.start("b")];
  for (let round = 0; round < 2; round++) {
    nodes[0].sequencer.submit(draftOf("tea", `before ${round}`));
    await servers.all[0].kill();
    nodes[1].sequencer.submit(draftOf("tea", `during ${round}`));
    await servers.all[0].start();
    nodes[0].sequencer.submit(draftOf("tea", `after ${round}`));
    await within("all", Promise.all(nodes.map(({ sequencer }) => sequencer.settled())));
  }
  await same(nodes, 6);
});

Deno.test("JetstreamStream catches up with much more than a consumer has on its way", async () => {
  await using servers = await NatsServers.start();
  await using cluster = new NatsNodes(servers);
  const first = await cluster.start("a");
  const body = "x".repeat(10_000);
  for (let count = 0; count < 4000; count++) {
    first.sequencer.submit(draftOf("tea", body, { origin: count }));
    if (first.sequencer.isBusy) await first.sequencer.settled();
  }
  await within("the first", first.sequencer.settled());
  const second = await within("catching up", cluster.start("b"));
  assertEquals(await second.disk.log.lastId(), 4000);
});

Deno.test("JetstreamStream keeps its limits and its past", async () => {
  await using servers = await NatsServers.start();
  await using cluster = new NatsNodes(servers);
  const stream = cluster.connect();
  const bytes = new TextEncoder().encode("one");
  assertEquals((await stream.describe(true)).lastSeq, 0);
  await stream.publish(bytes, "1");
  await stream.publish(bytes, "1");
  await stream.publish(bytes, "2");
  const { firstSeq, lastSeq } = await stream.describe(true);
  assertEquals([firstSeq, lastSeq], [1, 2], "the same id twice is one message");
  assertEquals((await stream.entryAt(2))!.bytes, bytes);
  assertEquals(await stream.entryAt(3), undefined);
});

Deno.test("NatsCourier announces to all other nodes, and asks one, over every connection", async () => {
  await using servers = await NatsServers.start();
  await using links = new AsyncDisposableStack();
  const open = (node: string) => {
    const link = links.use(new NatsLink({ servers: servers.urls, name: node }));
    return { link, courier: new NatsCourier(link, "test", node) };
  };
  const [a, b] = [open("a"), open("b")];
  const heard: string[] = [];
  for (const { courier } of [a, b]) {
    courier.onAnnounced("alive", (text, node) => heard.push(`${node} ${text}`));
  }
  b.courier.answer((text, node) => Promise.resolve(`${text}, ${node}?`));
  await assertRejects(() => a.courier.ask("b", "there", 1000), Error, "cannot be reached");
  for (const text of ["one", "two"]) {
    for (const { link } of [a, b]) await (await link.connection()).flush();
    a.courier.announce("alive", text);
    assertEquals(await a.courier.ask("b", text, 5000), `${text}, a?`);
    assertEquals(heard.splice(0), [`a ${text}`]);
    await servers.all[0].kill();
    await servers.all[0].start();
    await until("both know", () => !a.link.open && !b.link.open);
  }
});

Deno.test("JetstreamStream refuses wrong credentials, and takes right ones", async () => {
  await using servers = await NatsServers.start(1, `authorization { user: jo, password: "s3" }`);
  await using cluster = new NatsNodes(servers);
  const wrong = cluster.connect({ user: "jo", password: "guess" });
  const error = await assertRejects(() => wrong.describe(true), StreamRefusedError);
  assert(error.message.includes("refuses the credentials"), error.message);
  assertEquals((await cluster.connect({ user: "jo", password: "s3" }).describe(true)).lastSeq, 0);
});

Deno.test("NatsLink uses TLS with the given authority, and a token", async () => {
  const { cert, key } = await makeCertificate();
  using directory = new TemporaryDirectory();
  await Deno.writeTextFile(`${directory.path}/cert.pem`, cert);
  await Deno.writeTextFile(`${directory.path}/key.pem`, key);
  const tls =
    `tls { cert_file: "${directory.path}/cert.pem", key_file: "${directory.path}/key.pem" }`;
  await using servers = await NatsServers.start(1, `${tls}\nauthorization { token: "s3cret" }`);
  await using cluster = new NatsNodes(servers);
  const server = `tls://localhost:${servers.all[0].port}`;
  const trusting = cluster.connect({ servers: [server], token: "s3cret", tls: { ca: cert } });
  assertEquals((await trusting.describe(true)).lastSeq, 0);
  const distrusting = cluster.connect({ servers: [server], token: "s3cret" });
  await assertRejects(() => distrusting.describe(true), Error, "certificate");
  const wrong = cluster.connect({ servers: [server], token: "guess", tls: { ca: cert } });
  await assertRejects(() => wrong.describe(true), StreamRefusedError);
});

Deno.test("NatsLink connects to a different server after it has lost one", async () => {
  await using servers = await NatsServers.start();
  const ports = servers.all.map(({ port }) => port);
  using one = new NatsRelay(ports);
  using two = new NatsRelay(ports);
  await using link = new NatsLink({ servers: [...one.urls, ...two.urls], name: "test" });
  await link.connection();
  let [used, other] = one.accepted === 1 ? [one, two] : [two, one];
  for (let round = 0; round < 10; round++) {
    const before = used.accepted;
    used.cut();
    await until("it is lost", () => !link.open);
    used.mend();
    await link.connection();
    assertEquals(used.accepted, before, "it is not asked again");
    [used, other] = [other, used];
  }
});

Deno.test("NatsLink proves who it is by a credentials file", async () => {
  const [known, unknown] = [makeCredentials(), makeCredentials()];
  await using servers = await NatsServers.start(1, known.config);
  await using cluster = new NatsNodes(servers);
  const connect = ({ creds }: NatsCredentials) =>
    cluster.connect({ credentials: new TextEncoder().encode(creds) });
  assertEquals((await connect(known).describe(true)).lastSeq, 0);
  await assertRejects(() => connect(unknown).describe(true), StreamRefusedError);
  await assertRejects(() => cluster.connect().describe(true), StreamRefusedError);
});

Deno.test("NatsLink proves who it is by a client certificate", async () => {
  const [server, client] = [await makeCertificate(), await makeCertificate("node-a")];
  using directory = new TemporaryDirectory();
  const files = { cert: server.cert, key: server.key, ca: client.cert };
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${directory.path}/${name}.pem`, text);
  }
  const tls = `tls { cert_file: "${directory.path}/cert.pem", key_file: "${directory.path}/key.pem",
    ca_file: "${directory.path}/ca.pem", verify: true }`;
  await using servers = await NatsServers.start(1, tls);
  await using cluster = new NatsNodes(servers);
  const address = { servers: [`tls://localhost:${servers.all[0].port}`] };
  const certified = cluster.connect({ ...address, tls: { ...client, ca: server.cert } });
  assertEquals((await certified.describe(true)).lastSeq, 0);
  // The refusal arrives after the handshake, sometimes together with its end.
  for (let attempt = 0; attempt < 5; attempt++) {
    const stranger = cluster.connect({ ...address, tls: { ca: server.cert } });
    await assertRejects(() => stranger.describe(true), Error);
  }
});

Deno.test("JetstreamStream refuses a server that takes only small messages", async () => {
  await using servers = await NatsServers.start(1, "max_payload: 100000");
  await using cluster = new NatsNodes(servers);
  await assertRejects(
    () => cluster.connect().describe(true),
    StreamRefusedError,
    "takes messages of at most 100000 bytes",
  );
});

Deno.test("JetstreamStream with three replicas survives the death of any server", async () => {
  await using servers = await NatsServers.start(3);
  await using cluster = new NatsNodes(servers, 3);
  const nodes = [await cluster.start("a"), await cluster.start("b")];
  let said = 0;
  for (const server of servers.all) {
    await server.kill();
    for (const { sequencer } of nodes) sequencer.submit(draftOf("tea", `${++said}`));
    const settled = Promise.all(nodes.map(({ sequencer }) => sequencer.settled()));
    await within(`${said}`, settled, 60_000);
    await server.start();
    await server.isCurrent();
  }
  await same(nodes, said);
});
