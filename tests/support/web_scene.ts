/**
 * A server in this process with a web port and a line port on real sockets, a log in memory and a
 * fake clock.
 */

import { LocalSequencer } from "../../lib/backplane/local.ts";
import { AccessControl } from "../../lib/domain/access/access_control.ts";
import { Accounts } from "../../lib/domain/access/accounts/accounts.ts";
import { Tokens } from "../../lib/domain/access/accounts/tokens.ts";
import { ServerPassword } from "../../lib/domain/access/login/server_password.ts";
import { RoomRegistry } from "../../lib/domain/rooms/room_registry.ts";
import type { SearchService } from "../../lib/domain/search/search.ts";
import type { Sequencer } from "../../lib/domain/sequencer.ts";
import type { StateStore } from "../../lib/domain/state_store.ts";
import { Server } from "../../lib/server/accepting/serve.ts";
import { Chat } from "../../lib/service/chat/chat.ts";
import { openChatContext, reservedNicknames } from "../../lib/service/chat/chat_context.ts";
import type { ChatContext } from "../../lib/service/chat/chat_session.ts";
import { Irc } from "../../lib/service/irc/irc.ts";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";
import { parseEndpoint, WEB_SCHEMES } from "../../lib/transport/endpoint.ts";
import { listenTcp } from "../../lib/transport/tcp.ts";
import type { ServerFacts } from "../../lib/web/about.ts";
import { EVENT_FORMS } from "../../lib/web/api/event_forms.ts";
import type { ReadMetrics } from "../../lib/web/api/metrics_response.ts";
import { createWebSite } from "../../lib/web/web_site.ts";
import { FakeClock, settleSockets } from "./fake_clock.ts";
import { QUICK_HASHER } from "./quick_hasher.ts";
import { RawPeer } from "./raw_peer.ts";
import { TrialLog } from "./trial_log.ts";
import { WebClient } from "./web_client.ts";

/** Of the accounts that {@linkcode WebScene.addAccount} creates. */
const PASSWORD = "correct horse";

export interface WebSceneOptions {
  readonly clock?: FakeClock;
  readonly hosts?: readonly string[];
  readonly origins?: readonly string[];
  /** @default {without other doors} */
  readonly facts?: ServerFacts;
  /** The host name it claims to listen on. @default {"127.0.0.1"} */
  readonly hostname?: string;
  readonly postToken?: string;
  readonly search?: SearchService;
  readonly outboxBytes?: number;
  readonly maxPerAddress?: number;
  readonly floodRate?: number;
  readonly log?: TrialLog;
  /** Whether only people with an account may enter. */
  readonly isClosed?: boolean;
  readonly serverPassword?: string;
  /** Whether IRC is served at `/irc`. @default {false} */
  readonly withIrc?: boolean;
  /** @default {none} */
  readonly tokens?: Tokens;
  /** @default {none} */
  readonly metrics?: ReadMetrics;
  /** Those of a node of a cluster. @default {the server is the only one} */
  readonly sequencer?: Sequencer;
  readonly state?: StateStore;
  readonly access?: AccessControl;
  readonly accounts?: Accounts;
  readonly firstOrigin?: number;
}

export class WebScene implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly log: TrialLog;
  readonly registry: RoomRegistry;
  readonly access: AccessControl;
  readonly accounts: Accounts;
  readonly chat: ChatContext;
  readonly server: Server;
  readonly webPort: number;
  readonly linePort: number;
  readonly stopping = new AbortController();
  readonly #clients: WebClient[] = [];

  constructor(options: WebSceneOptions = {}) {
    const clock = this.clock = options.clock ?? new FakeClock({ settle: settleSockets });
    const { stopping } = this;
    const log = this.log = options.log ?? new TrialLog(clock);
    log.forms = EVENT_FORMS;
    const sequencer = options.sequencer ?? new LocalSequencer(log, clock);
    const access = this.access = options.access ?? new AccessControl({ ...options, clock });
    const isShared = options.sequencer !== undefined;
    const registry = new RoomRegistry({ log, sequencer, access, isShared });
    this.registry = registry;
    const reservedNames = reservedNicknames(["chat", "logger"]);
    const state = options.state ?? new MemoryStateStore();
    const { serverPassword: password } = options;
    const accounts = this.accounts = options.accounts ??
      Accounts.empty({ state, clock, hasher: QUICK_HASHER, reservedNames });
    const chat = this.chat = openChatContext({
      registry,
      log,
      search: options.search,
      access,
      accounts,
      serverPassword: password === undefined ? undefined : new ServerPassword({ password, clock }),
      tokens: options.tokens ?? new Tokens({ state, accounts, clock }),
      state,
      clock,
      reservedNames,
      firstOrigin: options.firstOrigin,
    });
    this.server = new Server({
      maxConnections: 0,
      maxPerAddress: options.maxPerAddress ?? 0,
      floodRate: options.floodRate ?? 0,
      floodBurst: 20,
      outboxBytes: options.outboxBytes ?? 256 * 1024,
      stallMs: 60_000,
      clock,
    });
    const web = listenTcp(parseEndpoint("http://127.0.0.1:0", WEB_SCHEMES));
    const site = createWebSite({
      chat,
      clock,
      nameDeadlineMs: () => 60_000,
      scheme: "http",
      hostname: options.hostname ?? "127.0.0.1",
      hosts: options.hosts ?? [],
      origins: options.origins ?? [],
      postToken: options.postToken,
      facts: () => options.facts ?? { description: "A place for tests", waysIn: [] },
      stopping: stopping.signal,
      metrics: options.metrics,
      ircService: options.withIrc
        ? new Irc({ chat, clock, nameDeadlineMs: () => 60_000 })
        : undefined,
    });
    this.server.converse(web, "web", site);
    const lines = listenTcp(parseEndpoint("tcp://127.0.0.1:0"));
    const service = new Chat({ chat, clock, nameDeadlineMs: () => 60_000 });
    this.server.listen(lines, { service, scheme: "tcp" });
    this.webPort = portOf(web.endpoint);
    this.linePort = portOf(lines.endpoint);
  }

  get url(): string {
    return `http://127.0.0.1:${this.webPort}`;
  }

  /** Opens a WebSocket. */
  async open(): Promise<WebClient> {
    const client = await WebClient.open(`${this.url}/ws`);
    this.#clients.push(client);
    return client;
  }

  /** Enters over the web, in the given rooms or the lobby. */
  async enter(name: string, ...rooms: readonly string[]): Promise<WebClient> {
    const client = await this.open();
    const entered = rooms.length === 0 ? undefined : rooms.map((room) => ({ room }));
    client.send({ type: "hello", name, rooms: entered });
    await client.next("live");
    return client;
  }

  /** Creates an account. */
  async addAccount(name: string): Promise<void> {
    await this.accounts.register(name, PASSWORD, { isTrusted: true });
  }

  /** Connects to the web port without sending anything. */
  connect(): Promise<RawPeer> {
    return RawPeer.connect(this.webPort);
  }

  /** Sends a request; the caller must consume the body. */
  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.url}${path}`, init);
  }

  /** Sends a request for JSON. */
  async json(path: string, init?: RequestInit) {
    const response = await this.fetch(path, init);
    return { status: response.status, body: await response.json() };
  }

  /** Advances the clock by `ms` milliseconds, checking connections every second like the server. */
  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  /** Advances the clock until something has happened. */
  async advanceUntil(event: Promise<unknown>): Promise<void> {
    let isPending = true;
    const settled = () => void (isPending = false);
    event.then(settled, settled);
    while (isPending) await this.clock.advance(100);
  }

  /** Stops the server; connected clients are told before they are disconnected. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.close();
    const stopped = this.server.stop();
    let isStopped = false;
    stopped.then(() => isStopped = true);
    // The server waits for open connections with the fake clock, so advance it.
    for (let second = 0; !isStopped && second < 3600; second++) await this.clock.advance(1000);
    await stopped;
    for (const client of this.#clients) await client.ended;
    await this.registry.settled();
  }
}

function portOf(endpoint: string): number {
  return Number(new URL(endpoint.replace(/^\w+/, "http")).port);
}
