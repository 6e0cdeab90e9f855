/** The client's end of SSH connections and channels, by `ssh2`. */

import type { Buffer } from "node:buffer";
import { connect } from "node:net";
// @ts-types="../../lib/transport/ssh/ssh2.d.ts"
import library from "ssh2";
import { makePrivateKey } from "../../lib/transport/ssh/openssh_key.ts";
import type { ContractPeer } from "../transport/connection_contract.ts";
import { within } from "./patience.ts";

// deno-lint-ignore no-explicit-any -- the library has no types, and those of ours are for servers
type Untyped = any;

const { Client, utils } = library as Untyped;

export interface SshClientOptions {
  readonly username?: string;
  /** A private key. */
  readonly privateKey?: string;
  readonly password?: string;
  /** Answers to questions, in order. */
  readonly answers?: readonly string[];
  readonly [name: string]: unknown;
}

/** An Ed25519 key pair: the private key, and a line for `authorized_keys`. */
export function makeSshKey(): { readonly private: string; readonly public: string } {
  const text = makePrivateKey();
  const key = utils.parseKey(text);
  return { private: text, public: `ssh-ed25519 ${key.getPublicSSH().toString("base64")}` };
}

/** The text of a private key with a passphrase. */
export function makeProtectedSshKey(): string {
  const options = { passphrase: "x", cipher: "aes256-ctr", rounds: 1 };
  return utils.generateKeyPairSync("ed25519", options).private;
}

/** A client that is logged in. */
export class SshClient {
  /** What was asked, with the explanations before it. */
  readonly questions: string[];
  readonly #client: Untyped;
  readonly #closed: Promise<void>;

  private constructor(client: Untyped, questions: string[], closed: Promise<void>) {
    this.#client = client;
    this.questions = questions;
    this.#closed = closed;
  }

  /** @throws {Error} if the server refuses. */
  static async connect(port: number, options: SshClientOptions = {}): Promise<SshClient> {
    const { username = "ann", answers = [], password, ...rest } = options;
    const client = new Client();
    const questions: string[] = [];
    const left = [...answers];
    const closed = new Promise<void>((resolve) => client.once("close", () => resolve()));
    const ready = new Promise<void>((resolve, reject) => {
      client.once("ready", resolve);
      client.once("error", reject);
      client.once("close", () => reject(new Error("Closed")));
    });
    client.on("error", () => {});
    client.on(
      "keyboard-interactive",
      (_: string, text: string, __: string, prompts: Untyped[], finish: Untyped) => {
        questions.push(`${text} ${prompts.map(({ prompt }) => prompt).join()}`.trim());
        finish(prompts.map(() => left.shift() ?? ""));
      },
    );
    const sock = connect(port, "127.0.0.1");
    // The library sends a packet in pieces.
    sock.setNoDelay(true);
    client.connect({
      sock,
      username,
      password,
      tryKeyboard: password === undefined,
      readyTimeout: 0,
      ...rest,
    });
    try {
      await within("a log-in", ready);
    } catch (error) {
      sock.destroy();
      await closed;
      (error as { questions?: string[] }).questions = questions;
      throw error;
    }
    return new SshClient(client, questions, closed);
  }

  /** Opens a channel: a shell, or a command. */
  open(
    { command, terminal }: { readonly command?: string; readonly terminal?: Untyped } = {},
  ): Promise<SshPeer> {
    return new Promise((resolve, reject) => {
      const take = (error: Error | undefined, stream: Untyped) =>
        error ? reject(error) : resolve(new SshPeer(stream));
      if (command !== undefined) this.#client.exec(command, { pty: terminal }, take);
      else this.#client.shell(terminal ?? false, take);
    });
  }

  subsystem(name: string): Promise<SshPeer> {
    return new Promise((resolve, reject) => {
      this.#client.subsys(
        name,
        (error: Error, stream: Untyped) => error ? reject(error) : resolve(new SshPeer(stream)),
      );
    });
  }

  forward(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#client.forwardOut(
        "127.0.0.1",
        1,
        "127.0.0.1",
        22,
        (error: Error, stream: unknown) => error ? reject(error) : resolve(stream),
      );
    });
  }

  /** The library's client, for what it does not offer. */
  get raw(): Untyped {
    return this.#client;
  }

  rekey(): Promise<void> {
    return new Promise((resolve) => {
      this.#client.once("handshake", resolve);
      this.#client._protocol.rekey();
    });
  }

  /** Resolves once the connection is closed. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  async close(): Promise<void> {
    this.#client.destroy();
    await this.#closed;
  }
}

/** The client's end of a channel. */
export class SshPeer implements ContractPeer {
  readonly stream: Untyped;
  stderr = "";
  /** Resolves to the exit status once the channel is closed; `undefined` for none. */
  readonly status: Promise<number | undefined>;
  #hasEnded = false;
  #wake: (() => void) | undefined;

  constructor(stream: Untyped) {
    this.stream = stream;
    let status: number | undefined;
    stream.on("exit", (code: number) => status = code);
    this.status = new Promise((resolve) => stream.on("close", () => resolve(status)));
    stream.stderr.on("data", (bytes: Buffer) => this.stderr += bytes.toString());
    stream.on("readable", () => this.#notify());
    for (const event of ["end", "close"]) {
      stream.on(event, () => {
        this.#hasEnded = true;
        this.#notify();
      });
    }
    stream.on("error", () => {});
  }

  send(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) =>
      this.stream.write(bytes, (error?: Error) => error ? reject(error) : resolve())
    );
  }

  // deno-lint-ignore require-await -- required by the contract
  async end(): Promise<void> {
    this.stream.end();
  }

  async take(limit = Infinity): Promise<Uint8Array | undefined> {
    for (;;) {
      const size = Math.min(limit, this.stream.readableLength);
      const bytes: Buffer | null = size > 0 ? this.stream.read(size) : null;
      if (bytes) return new Uint8Array(bytes);
      if (this.#hasEnded && this.stream.readableLength === 0) return undefined;
      this.stream.read(0);
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  /** Everything up to the end, as text. */
  async text(): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    for (let bytes = await this.take(); bytes; bytes = await this.take()) {
      text += decoder.decode(bytes, { stream: true });
    }
    return text;
  }

  vanish(): void {
    this.stream.close();
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
