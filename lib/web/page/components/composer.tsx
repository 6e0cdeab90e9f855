/**
 * The field in which one writes.
 *
 * @module
 */

import { Component, createRef } from "preact";
import type { App } from "../app.ts";
import type { CompletionItem } from "../completion.ts";
import type { MessageView } from "../message_view.ts";
import { namesFor } from "../names_for.ts";
import { countOf, numberText } from "../time_text.ts";
import { longestBytes, parseTypedLine } from "../typed_line.ts";
import { Writing } from "../writing.ts";
import { CompletionList, optionId } from "./completion_list.tsx";
import { Icon } from "./icon.tsx";

export interface ComposerProps {
  readonly app: App;
  readonly view: MessageView;
  /** What the field is for: `Message #lobby`. */
  readonly label: string;
}

/** The field grows with what is in it, up to so many pixels. */
const HIGHEST_PX = 160;
/** So many bytes before the limit one is told of it. */
const NEAR_LIMIT = 200;

export class Composer extends Component<ComposerProps> {
  readonly #field = createRef<HTMLTextAreaElement>();
  readonly #writing: Writing;

  constructor(props: ComposerProps) {
    super(props);
    const { app, view: { draft, said } } = props;
    const context = () => ({
      commands: app.client.state.commands,
      names: namesFor(app.places, app.client.state.name),
      rooms: app.places.rooms.map(({ name }) => name),
    });
    this.#writing = new Writing({ draft, said, context });
  }

  override componentDidMount(): void {
    this.#fit();
    // On a phone this would cover half of the screen with a keyboard.
    if (matchMedia("(pointer: fine)").matches) this.#field.current!.focus();
  }

  override componentDidUpdate(): void {
    this.#fit();
    const { caret } = this.#writing;
    if (caret !== undefined) this.#field.current!.setSelectionRange(caret, caret);
    this.#writing.caret = undefined;
  }

  override render({ app, label }: ComposerProps) {
    const { text, completions, chosen } = this.#writing;
    const { problem, hint } = wordsOn(text, app.client.state.limits?.bodyBytes ?? Infinity);
    return (
      <form class="composer" onSubmit={this.#onSubmit}>
        {completions && (
          <CompletionList completions={completions} chosen={chosen} onChoose={this.#onChoose} />
        )}
        <div class="field">
          <textarea
            ref={this.#field}
            id="message"
            rows={1}
            value={text}
            placeholder={label}
            aria-label={label}
            aria-describedby="message-hint"
            aria-autocomplete="list"
            aria-haspopup="listbox"
            aria-controls={completions ? "completions" : undefined}
            aria-activedescendant={completions ? optionId(chosen) : undefined}
            autocomplete="off"
            spellcheck
            onInput={this.#onInput}
            onKeyDown={this.#onKeyDown}
            onBlur={this.#onBlur}
          />
          <button type="submit" aria-label="Send" disabled={text.trim() === ""}>
            <Icon name="send" />
          </button>
        </div>
        <p id="message-hint" class={problem ? "hint is-error" : "hint"}>{problem ?? hint}</p>
      </form>
    );
  }

  /** Makes the field as high as what is in it. */
  #fit(): void {
    const field = this.#field.current!;
    field.style.height = "0";
    field.style.height = `${Math.min(HIGHEST_PX, field.scrollHeight)}px`;
  }

  /** What is written is another, though nobody may have typed. */
  #changed(): void {
    this.props.view.draft = this.#writing.text;
    this.forceUpdate();
  }

  readonly #onInput = (): void => {
    const { value, selectionStart } = this.#field.current!;
    this.#writing.typed(value, selectionStart);
    this.#changed();
  };

  readonly #onChoose = (completion: CompletionItem): void => {
    this.#writing.accept(completion);
    this.#changed();
    this.#field.current!.focus();
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const { key, shiftKey, altKey, ctrlKey, metaKey, isComposing } = event;
    // With these it is a key of the page, or of the browser.
    if (isComposing || shiftKey || altKey || ctrlKey || metaKey) return;
    if (this.#writing.key(key, this.#field.current!.selectionStart)) this.#changed();
    else if (key === "Enter") this.#submit();
    else return;
    event.preventDefault();
  };

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    this.#submit();
  };

  #submit(): void {
    const { app } = this.props;
    const { text } = this.#writing;
    const { problem } = wordsOn(text, app.client.state.limits?.bodyBytes ?? Infinity);
    if (text.trim() === "" || problem) return;
    this.#writing.typed("", 0);
    this.#changed();
    app.submit(text);
  }

  readonly #onBlur = (): void => {
    this.#writing.closeList();
    this.forceUpdate();
  };
}

/** What is to be said about a text before it is sent. */
function wordsOn(text: string, mostBytes: number): { problem?: string; hint?: string } {
  const typed = parseTypedLine(text);
  if (typed.type !== "say") return {};
  const left = mostBytes - longestBytes(typed.lines);
  if (left < 0) return { problem: `That is ${countOf(-left, "byte")} too long for one message.` };
  const { length } = typed.lines;
  if (length > 1) return { hint: `${numberText(length)} lines, said one by one.` };
  return left < NEAR_LIMIT ? { hint: `${countOf(left, "byte")} left.` } : {};
}
