/**
 * Whether a telnet option is on, and who has said what about it: the Q method of RFC 1143.
 *
 * Its point is that no exchange can loop: what is asked while an answer is outstanding is queued,
 * and a confirmation of what is known already is never answered. It knows no option by name and
 * sends nothing itself; `telnet_negotiation.ts` holds one of these for each option in use.
 *
 * @module
 */

import { DO, DONT, WILL, WONT } from "./telnet_code.ts";

/**
 * RFC 1143 section 7: settled either way, or asked for and not answered yet.
 *
 * Only `YES` is on. In `WANTNO` and `WANTYES` the effects of the option must not be used.
 */
export type OptionState = "NO" | "YES" | "WANTNO" | "WANTYES";

/**
 * One option on one side of the connection: the `us` and `usq`, or `him` and `himq`, of RFC 1143.
 *
 * The RFC gives the tables for `him` and has `us` follow by exchanging the commands, so there is
 * one class for both, made with the two commands by which we speak of that side.
 */
export class OptionSide {
  readonly #enable: number;
  readonly #disable: number;
  #state: OptionState = "NO";
  /** The queue bit: the opposite of what is being negotiated is to be asked for next. */
  #opposite = false;

  constructor(enable: number, disable: number) {
    this.#enable = enable;
    this.#disable = disable;
  }

  /** What is settled, or being negotiated. */
  get state(): OptionState {
    return this.#state;
  }

  /** The queue bit of RFC 1143; means something in `WANTNO` and `WANTYES` only. */
  get queue(): "EMPTY" | "OPPOSITE" {
    return this.#opposite ? "OPPOSITE" : "EMPTY";
  }

  /**
   * Takes what the peer says of this side, and returns the command to send, if any.
   *
   * @param enable true for WILL (of him) or DO (of us), false for WONT or DONT.
   * @param willing whether we agree to the option if it is the peer that brings it up. It is not
   *   asked where the peer answers us: RFC 1143 section 7 has us stand by our own request.
   */
  receive(enable: boolean, willing: boolean): number | undefined {
    return enable ? this.#receiveEnable(willing) : this.#receiveDisable();
  }

  /**
   * Asks for the option to be on or off, and returns the command to send now, if any.
   *
   * What is on, off or being asked for already needs no command; RFC 1143 section 7 calls that an
   * error of the caller, but "see to it that it is on" is what callers mean.
   */
  request(enable: boolean): number | undefined {
    if (this.#state === "WANTNO" || this.#state === "WANTYES") {
      // Asking anew before the answer is what makes two ends loop: queue it (RFC 1143 section 7).
      // A wish for what is under way already empties the queue instead.
      this.#opposite = enable === (this.#state === "WANTNO");
      return undefined;
    }
    if (enable === (this.#state === "YES")) return undefined;
    this.#state = enable ? "WANTYES" : "WANTNO";
    return enable ? this.#enable : this.#disable;
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
        // A peer that answers DONT by WILL breaks the protocol. The RFC chose the state that needs
        // no further message, since such a peer cannot be trusted with one.
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
        // RFC 854: a peer may always stop, and is owed the confirmation.
        this.#state = "NO";
        return this.#disable;
      case "WANTNO":
        this.#state = wasOpposite ? "WANTYES" : "NO";
        return wasOpposite ? this.#enable : undefined;
      case "WANTYES":
        // Refused; a queued wish to have it off is granted by the same word.
        this.#state = "NO";
        return undefined;
    }
  }
}

/** One option on both sides; RFC 1143 section 1 calls them really two options. */
export class TelnetOption {
  /** Our side: we say WILL and WONT, the peer DO and DONT. */
  readonly us = new OptionSide(WILL, WONT);
  /** The peer's side: we say DO and DONT, the peer WILL and WONT. */
  readonly him = new OptionSide(DO, DONT);
}
