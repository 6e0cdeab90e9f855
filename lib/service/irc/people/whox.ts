/**
 * The fields of WHO that a client may choose (WHOX): `WHO #room %tcnf,42`.
 *
 * @module
 */

/** The letters in the order in which the fields are sent. */
const ORDER = "tcuihsnfdlaor";

/** The value of each field. `t` comes from the client. */
export type WhoxValues = Readonly<
  Record<"c" | "u" | "i" | "h" | "s" | "n" | "f" | "d" | "l" | "a" | "o" | "r", string>
>;

/** The fields that a client wants. */
export class WhoxFields {
  readonly #letters: readonly string[];
  readonly #token: string;

  /** @param text The parameter from its `%`: letters in any order, then a comma and the token. */
  constructor(text: string) {
    const [letters, token = ""] = text.slice(text.indexOf("%") + 1).split(",");
    this.#letters = [...ORDER].filter((letter) => letters.includes(letter));
    this.#token = /^\d{1,3}$/.test(token) ? token : "0";
  }

  /** Whether none was asked for: the answer is then that of a WHO without fields. */
  get isEmpty(): boolean {
    return this.#letters.length === 0;
  }

  /** Whether the last of them is the real name, which may be cut. */
  get endsWithName(): boolean {
    return this.#letters.at(-1) === "r";
  }

  /** The parameters of a reply, without the nickname of the client. */
  format(values: WhoxValues): string[] {
    return this.#letters.map((letter) =>
      letter === "t" ? this.#token : values[letter as keyof WhoxValues]
    );
  }
}
