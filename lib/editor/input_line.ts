/**
 * The line being typed: takes keys, and emits finished lines and a view to draw.
 *
 * Independent of the terminal and the service, which it reaches through callbacks.
 *
 * @module
 */

import type { Key } from "../codec/key.ts";
import { tooLongNotice } from "../codec/line_limit.ts";
import type { Assistant, Candidate } from "./assistant.ts";
import { completeWord } from "./completer.ts";
import { History } from "./history.ts";
import { HistorySearch } from "./history_search.ts";
import { type EditAction, KEYMAP } from "./keymap.ts";
import { LineEditor } from "./line_editor.ts";
import { type PasteOwner, Paster } from "./paster.ts";

/** What to draw of the line being typed. */
export interface InputView {
  /** Shown before the text, followed by a space; `""` for no prompt. */
  readonly prompt: string;
  readonly text: string;
  /** Index of the cursor in the text, in UTF-16 units. */
  readonly cursor: number;
  /** A row above the line, if there is one. */
  readonly status?: string;
}

/** Callbacks of an {@linkcode InputLine}, called synchronously. */
export interface InputOwner extends PasteOwner {
  /** A line that a key stands for. */
  command(line: string): void;
  /** Ctrl-C. */
  interrupt(): void;
  /** Ctrl-D on an empty line. */
  leave(): void;
  /** Ctrl-L. */
  clearScreen(): void;
  /** The candidates for the word before the cursor. */
  list(candidates: readonly Candidate[]): void;
}

export interface InputLineOptions {
  /** Longest line, in bytes of UTF-8. */
  readonly maxBytes: number;
}

export class InputLine {
  assistant: Assistant | undefined;
  readonly #owner: InputOwner;
  readonly #maxBytes: number;
  readonly #history = new History();
  readonly #editor: LineEditor;
  readonly #paster: Paster;
  /** A password being typed, kept apart from the line, its history and its kill ring. */
  #concealed: LineEditor | undefined;
  #search: HistorySearch | undefined;
  /** Whether text that was typed last did not fit: a paste without brackets, perhaps. */
  #isTooLong = false;

  constructor(owner: InputOwner, { maxBytes }: InputLineOptions) {
    this.#owner = owner;
    this.#maxBytes = maxBytes;
    const editor = this.#editor = new LineEditor(maxBytes, (text) => this.#isSecret(text));
    this.#paster = new Paster(owner, { editor, maxBytes, assistant: () => this.assistant });
  }

  get view(): InputView {
    return { ...this.#lineView, status: this.assistant?.status };
  }

  get #lineView(): InputView {
    const question = this.#paster.prompt;
    if (question !== undefined) return { prompt: question, text: "", cursor: 0 };
    if (this.#search) {
      const { prompt, line = "", cursor } = this.#search;
      return { prompt, text: line, cursor };
    }
    const prompt = this.assistant?.prompt ?? "";
    if (this.#concealed || this.#wantsKeys) return { prompt, text: "", cursor: 0 };
    const { text, cursor } = this.#editor.buffer;
    return { prompt, text, cursor };
  }

  /** The text of the line, even while something else is shown. */
  get text(): string {
    return this.#current.buffer.text;
  }

  /** Whether {@linkcode clear} would have no effect. */
  get isEmpty(): boolean {
    return this.#current.buffer.isEmpty && !this.#paster.isAsking && !this.#search;
  }

  /** Whether the Escape key would have an effect. */
  get usesEscape(): boolean {
    return this.#paster.isAsking || this.#search !== undefined || this.#wantsKeys ||
      (this.assistant?.wantsEscape ?? false);
  }

  /** Whether the text is hidden and not remembered, because it is a password. */
  get isConcealed(): boolean {
    return this.#concealed !== undefined;
  }

  /** What was typed before the question came belongs to the answer. */
  set isConcealed(isConcealed: boolean) {
    if (isConcealed === this.isConcealed) return;
    this.#cancel();
    this.#concealed = isConcealed ? new LineEditor(this.#maxBytes) : undefined;
    if (!this.#concealed) return;
    const { buffer } = this.#editor;
    this.#concealed.insert(buffer.text);
    buffer.set("");
  }

  /** Cancels the search or question, if there is one; otherwise clears the line. */
  clear(): void {
    if (this.#paster.isAsking || this.#search) this.#cancel();
    else this.#current.buffer.set("");
    this.#isTooLong = false;
    this.#current.note(undefined);
  }

  #cancel(): void {
    this.#paster.cancel();
    this.#search = undefined;
  }

  handle(key: Key): void {
    if (key.kind === "report") return;
    if (key.kind === "paste") {
      this.#search = undefined;
      return this.#paster.paste(key.text, key.droppedBytes, this.#current);
    }
    if (this.#paster.isAsking) return this.#typeRest(this.#paster.answer(key));
    if (this.#wantsKeys) return this.#offer(key);
    if (key.kind === "text") return this.#type(key.text);
    if (this.#press(key.name)) return;
    if (this.#search && this.#handleSearch(this.#search, key.name)) return;
    const action = KEYMAP[key.name];
    const before = this.#current.buffer.text;
    this.#ring(action !== undefined && this.#do(action));
    // A tab or a newline may be in the middle of what does not fit.
    const isEdited = this.#current.buffer.text !== before && action !== "complete" &&
      action !== "line-break";
    if (isEdited || action === "search") this.#isTooLong = false;
  }

  /** Offers a key to the assistant; returns whether it is done with. */
  #press(name: string): boolean {
    const taken = !this.#concealed && this.assistant?.press?.(name) || false;
    if (typeof taken === "string") this.#owner.command(taken);
    return taken !== false;
  }

  get #wantsKeys(): boolean {
    return this.assistant?.wantsKeys ?? false;
  }

  get #current(): LineEditor {
    return this.#concealed ?? this.#editor;
  }

  /** Offers a key to the assistant, one character at a time. */
  #offer(key: Key & { readonly kind: "text" | "key" }): void {
    const [name, ...rest] = key.kind === "text" ? key.text : [key.name];
    if (!this.assistant?.takeKey?.(name)) return this.handle(key);
    this.#typeRest(rest.join(""));
  }

  /** Handles what was typed after a key that has had its own effect. */
  #typeRest(text: string): void {
    if (text !== "") this.handle({ kind: "text", text });
  }

  #ring(isDone: boolean): void {
    if (!isDone) this.#owner.bell();
  }

  #type(text: string): void {
    if (this.#search) return this.#ring(this.#search.type(text));
    const fits = this.#current.insert(text);
    if (!fits) this.#isTooLong = true;
    this.#ring(fits);
  }

  /** Returns whether the action had an effect. */
  #do(action: EditAction): boolean {
    if (action === "delete-or-leave" && this.#current.buffer.isEmpty) {
      this.#owner.leave();
      return true;
    }
    const isDone = this.#current.do(action) ?? this.#doMore(action);
    this.#current.note(action);
    return isDone;
  }

  /** Does the actions that concern more than the text of the line. */
  #doMore(action: EditAction): boolean {
    switch (action) {
      case "enter":
        this.#enter();
        return true;
      case "line-break":
        if (this.assistant?.typedBlock) return !this.#concealed && this.#current.insert("\n");
        this.#enter();
        return true;
      case "interrupt":
        this.#owner.interrupt();
        return true;
      case "clear-screen":
        this.#owner.clearScreen();
        return true;
      case "history-back":
        return this.#show((shown) => this.#history.back(this.#isSecret(shown) ? "" : shown));
      case "history-forward":
        return this.#show(() => this.#history.forward());
      case "search":
        this.#search = this.#concealed ? undefined : new HistorySearch(this.#history);
        return this.#search !== undefined;
      case "complete":
        return this.#complete();
      default:
        return false;
    }
  }

  #enter(): void {
    const { text } = this;
    const block = text.includes("\n") ? this.assistant?.typedBlock?.(text) : undefined;
    if (typeof block === "string") return this.#owner.tell(block);
    this.#current.buffer.set("");
    if (!this.#concealed && !this.#isSecret(text)) this.#history.add(text);
    if (this.#isTooLong) {
      // What fitted is only a part, and may mean something else.
      this.#isTooLong = false;
      this.#owner.tell(tooLongNotice(this.#maxBytes));
    } else if (block) this.#owner.block(text, block);
    else this.#owner.line(text);
  }

  #show(find: (shown: string) => string | undefined): boolean {
    const line = this.#concealed ? undefined : find(this.text);
    return line !== undefined && this.#editor.buffer.set(line);
  }

  #isSecret(text: string): boolean {
    return this.assistant?.isSecret?.(text) ?? false;
  }

  #complete(): boolean {
    if (!this.assistant || this.#concealed) return false;
    const isSecond = this.#editor.isRepeated("complete");
    const outcome = completeWord(this.#editor.buffer, this.assistant, isSecond);
    if (typeof outcome === "string") return outcome === "done";
    this.#owner.list(outcome);
    return true;
  }

  /** Returns whether the search consumed the key; if not, the search ends and the key still acts. */
  #handleSearch(search: HistorySearch, name: string): boolean {
    switch (KEYMAP[name]) {
      case "search":
        this.#ring(search.next());
        return true;
      case "backspace":
        search.backspace();
        return true;
      case "interrupt":
        this.#search = undefined;
        return true;
    }
    this.#search = undefined;
    if (name === "escape" || name === "C-g") return true;
    if (search.line !== undefined) this.#editor.buffer.set(search.line, search.cursor);
    return false;
  }
}
