/**
 * Finds which of many targets concern somebody: names, accounts, addresses, ranges and masks.
 *
 * @module
 */

import type { Asker } from "../../asker.ts";
import { nameKey } from "../../name.ts";
import { type AddressRange, addressRange } from "./address_range.ts";
import { isMask, literalsOf, Mask, maskSubject } from "./mask.ts";

/** Answers that are kept for one list; then they are worked out again. */
const MOST_ANSWERS = 20_000;

/** What belongs to targets, found by somebody's names, address and looks. */
export class TargetIndex<Value> {
  /** By {@linkcode targetKey}. */
  readonly #single = new Map<string, Value[]>();
  readonly #ranges: [AddressRange, Value][] = [];
  readonly #masks = new MaskIndex<Value>();
  readonly #byAddress = new RecentAnswers<readonly Value[]>();

  constructor(targets: readonly (readonly [string, Value])[]) {
    for (const [target, value] of targets) {
      const range = addressRange(target);
      if (range?.text.includes("/")) this.#ranges.push([range, value]);
      else if (!range && isMask(target)) this.#masks.add(new Mask(target), value);
      else addTo(this.#single, range?.text ?? nameKey(target), value);
    }
  }

  find(asker: Asker): readonly Value[] {
    const { nickname, account, address } = asker;
    const byAccount = account === undefined ? NONE : this.#single.get(account) ?? NONE;
    const byName = nickname === "" ? NONE : this.#single.get(nameKey(nickname)) ?? NONE;
    const byAddress = address === undefined ? NONE : this.#findAddress(address);
    const byMask = this.#masks.isEmpty ? NONE : this.#masks.find(asker);
    if (byAccount.length + byName.length + byAddress.length + byMask.length === 0) return NONE;
    return [...byAccount, ...byName, ...byAddress, ...byMask] as Value[];
  }

  #findAddress(address: string): readonly Value[] {
    return this.#byAddress.get(address, () => {
      const single = peerAddress(address);
      const ofRanges = this.#ranges.filter(([range]) =>
        single !== undefined && range.contains(single)
      );
      const exact = this.#single.get(single?.text ?? address) ?? [];
      return [...exact, ...ofRanges.map(([, value]) => value)];
    });
  }
}

/** Finds the masks that concern somebody; those with a part without wildcards without a search. */
class MaskIndex<Value> {
  readonly #byLiteral = new Map<string, [Mask, Value][]>();
  readonly #others: [Mask, Value][] = [];
  readonly #answers = new RecentAnswers<readonly Value[]>();

  get isEmpty(): boolean {
    return this.#byLiteral.size + this.#others.length === 0;
  }

  add(mask: Mask, value: Value): void {
    if (mask.literal === undefined) this.#others.push([mask, value]);
    else addTo(this.#byLiteral, mask.literal, [mask, value]);
  }

  find(asker: Asker): readonly Value[] {
    const { nickname, account = "", address = "", userHost = "" } = asker;
    return this.#answers.get(`${nickname} ${account} ${address} ${userHost}`, () => {
      const subject = maskSubject(asker, peerAddress(address));
      const possible: [Mask, Value][] = literalsOf(subject)
        .flatMap((each) => this.#byLiteral.get(each) ?? []);
      return [...possible, ...this.#others].filter(([mask]) => mask.matches(subject))
        .map(([, value]) => value);
    });
  }
}

/** Answers to the latest questions. */
class RecentAnswers<Answer> {
  readonly #answers = new Map<string, Answer>();

  get(question: string, workOut: () => Answer): Answer {
    let answer = this.#answers.get(question);
    if (answer === undefined) {
      answer = workOut();
      if (this.#answers.size >= MOST_ANSWERS) this.#answers.clear();
      this.#answers.set(question, answer);
    }
    return answer;
  }
}

/** The address of a peer; `undefined` if it has none. */
function peerAddress(address: string): AddressRange | undefined {
  // The zone of a link-local address, %eth0, is the way to the peer and not who it is.
  return addressRange(address.replace(/%.*$/, ""));
}

function addTo<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

const NONE: readonly never[] = [];
