/**
 * The state of a telnet option: the Q method of RFC 1143.
 *
 * It prevents loops: a request made while an answer is outstanding is queued, and a confirmation of
 * a known state is never answered. It knows no option by name and sends nothing itself;
 * `telnet_negotiation.ts` has one of these for each side of an option that is in use.
 *
 * @module
 */

import { DO, DONT, WILL, WONT } from "./telnet_code.ts";

/**
 * RFC 1143 section 7: settled, or requested and not answered yet.
 *
 * Only `YES` means on. In `WANTNO` and `WANTYES` the option must not be used.
 */
export type OptionState = "NO" | "YES" | "WANTNO" | "WANTYES";

/**
 * One option on one side of the connection: the `us` and `usq`, or `him` and `himq`, of RFC 1143.
 *
 * The RFC gives the tables for `him`, and those for `us` by exchanging the commands, so one class
 * serves both. Section 1 calls the two sides really two options.
 */
export class OptionSide {
  /** Ours, about which we say WILL and WONT, or the peer's, about which we say DO and DONT. */
  readonly side: "us" | "him";
  #state: OptionState = "NO";
  /** The queue bit: once this negotiation ends, request the opposite. */
  #opposite = false;

  constructor(side: "us" | "him") {
    this.side = side;
  }

  /** The state, settled or being negotiated. */
  get state(): OptionState {
    return this.#state;
  }

  /** The queue bit of RFC 1143; only meaningful in `WANTNO` and `WANTYES`. */
  get queue(): "EMPTY" | "OPPOSITE" {
    return this.#opposite ? "OPPOSITE" : "EMPTY";
  }

  /**
   * Takes a command of the peer about this side, and returns the command to send, if any.
   *
   * @param enable true for WILL (of him) or DO (of us), false for WONT or DONT.
   * @param willing Whether we agree to the option if the peer brings it up. Ignored if the command
   * answers our own request: RFC 1143 section 7 holds us to that.
   */
  receive(enable: boolean, willing: boolean): number | undefined {
    return enable ? this.#receiveEnable(willing) : this.#receiveDisable();
  }

  /**
   * Requests that the option be on or off, and returns the command to send now, if any.
   *
   * If it is already in that state, or requested, there is no command. RFC 1143 section 7 calls
   * that an error of the caller, but callers mean "make sure that it is on".
   */
  request(enable: boolean): number | undefined {
    if (this.#state === "WANTNO" || this.#state === "WANTYES") {
      // A new request sent before the answer arrives is what makes two ends loop, so queue it (RFC
      // 1143 section 7). A request for the state being negotiated empties the queue instead.
      this.#opposite = enable === (this.#state === "WANTNO");
      return undefined;
    }
    if (enable === (this.#state === "YES")) return undefined;
    this.#state = enable ? "WANTYES" : "WANTNO";
    return enable ? this.#enable : this.#disable;
  }

  get #enable(): number {
    return this.side === "us" ? WILL : DO;
  }

  get #disable(): number {
    return this.side === "us" ? WONT : DONT;
  }

  /** RFC 1143 section 7, "upon receipt of WILL". */
  #receiveEnable(willing: boolean): number | undefined {
    const wasOpposite = this.#opposite;
    this.#opposite = false;
    switch (this.#state) {
      case "NO":
        if (!willing) return this.#disable;
        this.#state = "YES";
        return this.#enable;
      case "YES":
        return undefined;
      case "WANTNO":
        // A peer that answers DONT with WILL breaks the protocol. The RFC chose the state that
        // needs no further message, because such a peer cannot be trusted with one.
        this.#state = wasOpposite ? "YES" : "NO";
        return undefined;
      case "WANTYES":
        this.#state = wasOpposite ? "WANTNO" : "YES";
        return wasOpposite ? this.#disable : undefined;
    }
  }

  /** RFC 1143 section 7, "upon receipt of WONT". */
  #receiveDisable(): number | undefined {
    const wasOpposite = this.#opposite;
    this.#opposite = false;
    switch (this.#state) {
      case "NO":
        return undefined;
      case "YES":
        // RFC 854: a peer may turn an option off at any time, and we must confirm it.
        this.#state = "NO";
        return this.#disable;
      case "WANTNO":
        this.#state = wasOpposite ? "WANTYES" : "NO";
        return wasOpposite ? this.#enable : undefined;
      case "WANTYES":
        // Refused, which is also what a queued request to turn it off wants.
        this.#state = "NO";
        return undefined;
    }
  }
}
