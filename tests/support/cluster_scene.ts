/**
 * Several nodes of a cluster in one process, each with a chat, an IRC door and guests of its own,
 * over a stream in memory.
 */

import { assertEquals } from "@std/assert";
import { Leases } from "../../lib/backplane/leases.ts";
import type { EntryStream } from "../../lib/backplane/entry_stream.ts";
import { PersonLedger } from "../../lib/backplane/person_ledger.ts";
import { Replica } from "../../lib/backplane/replica.ts";
import { ReplicatedSequencer } from "../../lib/backplane/replicated_sequencer.ts";
import { ReplicatedStateStore } from "../../lib/backplane/replicated_state.ts";
import type { StateStore } from "../../lib/domain/state_store.ts";
import { AccessControl } from "../../lib/domain/access/access_control.ts";
import { Accounts } from "../../lib/domain/access/accounts/accounts.ts";
import type { ChatContext } from "../../lib/service/chat/chat_session.ts";
import { ClusterPeople } from "../../lib/service/chat/remote/cluster_people.ts";
import type { Guest } from "./chat_room.ts";
import { FakeClock, settle, settleSockets } from "./fake_clock.ts";
import type { IrcClient, IrcGreeting } from "./irc_client.ts";
import { IrcRoom, type IrcRoomOptions } from "./irc_room.ts";
import { type MemoryCourier, MemoryPost } from "./memory_courier.ts";
import { MemoryDisk } from "./memory_node.ts";
import { QUICK_HASHER } from "./quick_hasher.ts";
import { MemoryStream } from "./memory_stream.ts";
import type { SeededRandom } from "./random.ts";
import { WebScene } from "./web_scene.ts";

/** Numbers of connections that each run of a node has for itself. */
const CONNECTIONS = 2 ** 32;
/** Time passes in steps of as many milliseconds. */
const STEP_MS = 500;

export interface ClusterNodeOptions extends IrcRoomOptions {
  readonly disk?: MemoryDisk;
}

/** A node, and the people who are connected to it. */
export class ClusterNode extends IrcRoom {
  readonly disk: MemoryDisk;
  readonly leases: Leases;
  readonly courier: MemoryCourier;
  readonly gate: Gate;
  readonly #sequencer: ReplicatedSequencer;

  private constructor(parts: NodeParts, options: ClusterNodeOptions) {
    const { sequencer, disk } = parts;
    super({ ...options, log: disk.log });
    this.disk = disk;
    this.gate = parts.gate;
    this.leases = parts.leases;
    this.courier = parts.courier;
    this.#sequencer = sequencer;
  }

  static async start(
    scene: ClusterScene,
    name: string,
    options: ClusterNodeOptions = {},
  ): Promise<ClusterNode> {
    const parts = await openParts(scene, name, options);
    const node = new ClusterNode(parts, { ...parts, ...options });
    await parts.join(node.chat);
    return node;
  }

  /** Stops as if the process had been killed: nobody leaves, and nothing more is sent. */
  async kill(): Promise<void> {
    this.leases[Symbol.dispose]();
    this.courier.isCut = true;
    await this.#sequencer[Symbol.asyncDispose]();
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    const isKilled = this.courier.isCut;
    if (!isKilled) await super[Symbol.asyncDispose]();
    await this.kill();
  }
}

/** What a node is made of besides its doors. */
interface NodeParts {
  readonly gate: Gate;
  readonly clock: FakeClock;
  readonly sequencer: ReplicatedSequencer;
  readonly state: StateStore;
  readonly disk: MemoryDisk;
  readonly leases: Leases;
  readonly courier: MemoryCourier;
  readonly access: AccessControl;
  readonly accounts: Accounts;
  readonly firstOrigin: number;
  /** Brings people of other nodes into a chat. */
  join(chat: ChatContext): Promise<unknown>;
}

async function openParts(
  scene: ClusterScene,
  name: string,
  options: Pick<ClusterNodeOptions, "disk" | "clock">,
): Promise<NodeParts> {
  const { stream, post } = scene;
  const { clock = new FakeClock({ now: scene.clock.now() }) } = options;
  const gate = new Gate();
  const disk = options.disk ?? new MemoryDisk(clock);
  const ledger = await PersonLedger.read(disk.state);
  const replica = await Replica.open({ ...disk, ledger });
  const sequencer = new ReplicatedSequencer({
    stream: gate.before(stream.connect()),
    replica,
    log: disk.log,
    node: name,
    clock,
  });
  const state = new ReplicatedStateStore({
    table: disk.state,
    sequencer,
    clock,
    isDecider: () => leases.isDecider(),
  });
  await sequencer.catchUp();
  await sequencer.start();
  const courier = post.connect(name);
  const leases = new Leases({
    node: name,
    courier,
    clock,
    runs: () => replica.runs,
    isReached: () => sequencer.isReached,
    submitGone: (run) => sequencer.submitGone(run),
  });
  const access = await AccessControl.open(state, { clock });
  const reservedNames: string[] = [];
  const hasher = QUICK_HASHER;
  const accounts = await Accounts.open({ state, clock, hasher, reservedNames });
  const firstOrigin = sequencer.run!.number * CONNECTIONS;
  const parts = { gate, clock, sequencer, state, disk, leases, courier, access, accounts };
  const submitChange = sequencer.submitChange.bind(sequencer);
  const join = (chat: ChatContext) =>
    ClusterPeople.open({
      chat,
      node: name,
      state,
      courier,
      submitChange,
      isReached: () => sequencer.isReached,
      onReach: (reached) => sequencer.follow({ reached }),
    });
  return { ...parts, firstOrigin, join };
}

/** Holds up what passes as long as it is closed. */
class Gate {
  #opened: PromiseWithResolvers<void> | undefined;

  get isClosed(): boolean {
    return this.#opened !== undefined;
  }

  close(): void {
    this.#opened = Promise.withResolvers();
  }

  open(): void {
    this.#opened?.resolve();
    this.#opened = undefined;
  }

  /** The same stream, for a process that can be stopped. */
  before(stream: EntryStream): EntryStream {
    const pass = () => this.#opened?.promise;
    return {
      maxBytes: stream.maxBytes,
      async publish(bytes, id) {
        await pass();
        await stream.publish(bytes, id);
      },
      async *read(after, signal) {
        for await (const entries of stream.read(after, signal)) {
          await pass();
          yield entries;
        }
      },
      describe: (mayCreate) => stream.describe(mayCreate),
      entryAt: (seq) => stream.entryAt(seq),
    };
  }
}

export class ClusterScene implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly stream: MemoryStream;
  readonly post = new MemoryPost();
  readonly #nodes: ClusterNode[] = [];
  readonly #ends: (() => Promise<void>)[] = [];

  /** @param options.random Decides about faults of the stream. */
  constructor({ random }: { readonly random?: SeededRandom } = {}) {
    this.stream = new MemoryStream({ clock: this.clock, random });
  }

  /** Starts a node that was killed with what it had on disk. */
  async restart(node: ClusterNode, name: string): Promise<ClusterNode> {
    this.#nodes.splice(this.#nodes.indexOf(node), 1);
    return await this.start(name, { disk: node.disk });
  }

  async start(name: string, options?: ClusterNodeOptions): Promise<ClusterNode> {
    const clock = new FakeClock({ now: this.clock.now() });
    const node = await this.#passTime(ClusterNode.start(this, name, { clock, ...options }), clock);
    this.#nodes.push(node);
    await settle(60);
    return node;
  }

  /** Lets time pass until something is done at a node that is starting, if that takes time. */
  async #passTime<Result>(work: Promise<Result>, clock: FakeClock): Promise<Result> {
    let isPending = true;
    const done = () => void (isPending = false);
    work.then(done, done);
    await this.settle();
    for (let steps = 0; isPending && steps < 100; steps++) {
      clock.tick(STEP_MS);
      await this.advance(STEP_MS);
    }
    return await work;
  }

  /** Starts a node with a web port on a real socket, and a fake clock of its own. */
  async startWeb(name: string): Promise<WebScene> {
    const clock = new FakeClock({ now: this.clock.now(), settle: settleSockets });
    const parts = await openParts(this, name, { clock });
    const web = new WebScene({ ...parts, log: parts.disk.log });
    this.#ends.push(async () => {
      await web[Symbol.asyncDispose]();
      parts.leases[Symbol.dispose]();
      await parts.sequencer[Symbol.asyncDispose]();
    });
    await parts.join(web.chat);
    return web;
  }

  /** Enters a guest, and skips everything shown to them so far. */
  async enter(node: ClusterNode, name: string): Promise<Guest> {
    const guest = await node.enter(name);
    await this.settle();
    guest.forget();
    return guest;
  }

  /** Enters guests in a room one after the other, and skips everything shown to them so far. */
  async enterAll(
    room: string,
    ...people: readonly (readonly [ClusterNode, string])[]
  ): Promise<Guest[]> {
    const guests: Guest[] = [];
    for (const [node, name] of people) {
      const guest = await this.enter(node, name);
      guest.say(`/join ${room}`);
      await this.settle();
      guests.push(guest);
    }
    for (const guest of guests) guest.forget();
    return guests;
  }

  /** Waits for something that takes several turns at several nodes. */
  async finish<Result>(work: Promise<Result>): Promise<Result> {
    await this.settle();
    return await work;
  }

  /** Connects and registers an IRC client. */
  async register(node: ClusterNode, nick: string, greeting?: IrcGreeting): Promise<IrcClient> {
    const client = node.open();
    const registered = client.register(nick, greeting);
    await this.settle();
    await registered;
    return client;
  }

  /** Expects exactly these new lines, whole or matched by a pattern. */
  async expect(guest: Guest, ...expected: (string | RegExp)[]): Promise<void> {
    await this.settle();
    const lines = await guest.read();
    const shown = lines.map((line, index) => {
      const one = expected[index];
      return one instanceof RegExp && one.test(line) ? one : line;
    });
    assertEquals(shown, expected);
  }

  /** Types a line, and expects exactly these lines as the answer. */
  async ask(guest: Guest, line: string, ...expected: (string | RegExp)[]): Promise<void> {
    guest.say(line);
    await this.expect(guest, ...expected);
  }

  /** Lets time pass at all nodes that are not stopped. */
  async advance(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS) {
      this.clock.tick(STEP_MS);
      for (const { clock, gate } of this.#nodes) {
        if (!gate.isClosed) clock.tick(STEP_MS);
      }
      await this.settle();
    }
  }

  /** Stops a node for as long as something takes, as SIGSTOP does to a process. */
  async stop(node: ClusterNode, work: () => Promise<void>): Promise<void> {
    const { gate, courier, clock } = node;
    gate.close();
    courier.isCut = true;
    await work();
    courier.isCut = false;
    clock.tick(this.clock.now() - clock.now());
    gate.open();
    await this.settle();
  }

  /** Waits until nothing more happens at any node. */
  settle(): Promise<void> {
    return settle(60);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends) await end();
    for (const node of this.#nodes) await node[Symbol.asyncDispose]();
  }
}
