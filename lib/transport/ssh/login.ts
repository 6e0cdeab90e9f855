/**
 * Logging in over SSH (RFC 4252, RFC 4256): carries the library's requests to the gatekeeper and
 * back.
 *
 * @module
 */

import type { ProvenKey } from "../../context.ts";
import { log } from "../../log.ts";
import { KEY_TYPES, LEAST_RSA_BYTES } from "./algorithms.ts";
import type { Gatekeeper, LoginVerdict } from "./gatekeeper.ts";
import { fingerprintOf } from "./host_key.ts";
// @ts-types="./ssh2.d.ts"
import ssh2, {
  type AuthContext,
  type KeyboardContext,
  type KeyContext,
  type ParsedKey,
  type PasswordContext,
} from "ssh2";

/** How a peer may go on. Keys first: a password is only asked for if none of them is right. */
const METHODS = ["publickey", "keyboard-interactive", "password"];
/** Once a key has been taken that is not enough. */
const METHODS_AFTER_KEY = ["keyboard-interactive", "password"];
/** Once the peer has heard that only a key can be right. */
const ONLY_KEYS = ["publickey"];
/** Attempts of all kinds on one connection; somebody's agent may hold a dozen keys. */
const MOST_ATTEMPTS = 20;

export interface LoginOptions {
  readonly gatekeeper: Gatekeeper;
  /** Called when a peer has made too many attempts, or one that is against the protocol. */
  readonly onExcess: () => void;
}

export class Login {
  /** The name that the peer wants to have; the library sees to it that it does not change. */
  name = "";
  readonly #options: LoginOptions;
  #attempts = 0;
  /** Whether a key was taken. */
  #isKeyTaken = false;
  /** Whether it was told that nothing but a key can be right. */
  #needsKey = false;

  constructor(options: LoginOptions) {
    this.#options = options;
  }

  /** Handles a request. Never rejects. */
  async attempt(context: AuthContext): Promise<void> {
    this.name = context.username;
    if (++this.#attempts > MOST_ATTEMPTS) return this.#options.onExcess();
    try {
      switch (context.method) {
        case "publickey":
          return this.#tryKey(context as KeyContext);
        case "password":
          return await this.#tryPassword(context as PasswordContext);
        case "keyboard-interactive":
          return this.#ask(context as KeyboardContext);
        // Also "none", with which clients begin: it would let them in before we know their key,
        // and no client asks it twice.
        default:
          return this.#conclude(context, "refused");
      }
    } catch (error) {
      // The peer left while its password was being checked, or the library is at its end.
      log("ssh").debug("Cannot answer an attempt to log in: {error}", { error });
    }
  }

  #tryKey(context: KeyContext): void {
    const { gatekeeper } = this.#options;
    const key = readKey(context);
    if (!key || !gatekeeper.considersKey(context.username, key.proven)) {
      return this.#conclude(context, "refused");
    }
    // The peer asks whether it is worth its while to sign.
    if (!context.signature) return context.accept();
    const { blob, signature, hashAlgo } = context;
    if (!blob || key.parsed.verify(blob, signature, hashAlgo) !== true) {
      return this.#conclude(context, "refused");
    }
    const verdict = gatekeeper.takeKey(context.username, key.proven);
    if (verdict === "more") this.#isKeyTaken = true;
    this.#conclude(context, verdict);
  }

  async #tryPassword(context: PasswordContext): Promise<void> {
    const { gatekeeper } = this.#options;
    const { username, password } = context;
    const question = gatekeeper.question(username);
    if (!question) return this.#conclude(context, "in");
    // Not a text if it is to be changed, which is done in the chat.
    if (question.prompt === undefined || typeof password !== "string") {
      return this.#conclude(context, "refused");
    }
    this.#conclude(context, await gatekeeper.takeAnswer(username, password));
  }

  #ask(context: KeyboardContext): void {
    const { gatekeeper } = this.#options;
    const question = gatekeeper.question(context.username);
    if (!question) return this.#conclude(context, "in");
    const { explanation, prompt } = question;
    this.#needsKey = prompt === undefined;
    const prompts = prompt === undefined ? [] : [{ prompt, echo: false }];
    context.prompt(prompts, "", explanation, (answers) => {
      // An error if the peer goes on with another method instead.
      if (answers instanceof Error) return;
      if (prompt === undefined) return this.#conclude(context, "refused");
      this.#takeAnswer(context, answers[0] ?? "").catch((error) => {
        log("ssh").debug("Cannot answer an attempt to log in: {error}", { error });
      });
    });
  }

  async #takeAnswer(context: KeyboardContext, answer: string): Promise<void> {
    const verdict = await this.#options.gatekeeper.takeAnswer(context.username, answer);
    if (verdict === "more") this.#ask(context);
    else this.#conclude(context, verdict);
  }

  #conclude(context: AuthContext, verdict: LoginVerdict): void {
    if (verdict === "in") return context.accept();
    const methods = this.#needsKey ? ONLY_KEYS : this.#isKeyTaken ? METHODS_AFTER_KEY : METHODS;
    context.reject(methods, verdict === "more");
  }
}

/** `undefined` for a kind of key, or of signature, that is unknown or too weak. */
function readKey(
  { key: { algo, data }, hashAlgo }: KeyContext,
): { readonly parsed: ParsedKey; readonly proven: ProvenKey } | undefined {
  const parsed = KEY_TYPES.has(algo) ? ssh2.utils.parseKey(data) : undefined;
  if (!parsed || parsed instanceof Error || !("type" in parsed)) return undefined;
  const { type } = parsed;
  // What was announced decided how to verify.
  if (type !== algo) return undefined;
  // Without a hash it is the old signature with SHA-1.
  if (type === "ssh-rsa" && (hashAlgo === undefined || data.length < LEAST_RSA_BYTES)) {
    return undefined;
  }
  const line = `${type} ${data.toString("base64")}`;
  return { parsed, proven: { type, fingerprint: fingerprintOf(data), line } };
}
