/**
 * Where one writes: commands and names are completed, and what was written is there again with the
 * arrow key.
 *
 * @module
 */

import { Component, createRef } from "preact";
import type { App } from "../app.ts";
import { complete, type Completion, type Completions, completionsAt } from "../completion.ts";
import type { MessageView } from "../message_view.ts";
import { namesFor } from "../names_for.ts";
import { longestBytes, parseTypedLine } from "../typed_line.ts";
import { countOf, countText } from "../time_text.ts";
import { CompletionList, optionId } from "./completion_list.tsx";
import { Icon } from "./icon.tsx";

export interface ComposerProps {
  readonly app: App;
  readonly view: MessageView;
  /** What the field is for: `Message #lobby`. */
  readonly label: string;
}

interface State {
  readonly text: string;
  readonly completions?: Completions;
  readonly chosen: number;
  /** How far back one has gone in what was said; 0 for not at all. */
  readonly back: number;
}

/** The field grows with what is in it, up to so many pixels. */
const HIGHEST_PX = 160;
/** So many bytes before the limit one is told of it. */
const NEAR_LIMIT = 200;

export class Composer extends Component<ComposerProps, State> {
  readonly #field = createRef<HTMLTextAreaElement>();
  /** Where Tab goes on, if it is pressed again. */
  #cycle: { readonly completions: Completions; readonly text: string; at: number } | undefined;

  constructor(props: ComposerProps) {
    super(props);
    this.state = { text: props.view.draft, chosen: 0, back: 0 };
  }

  override componentDidMount(): void {
    this.#fit();
    // On a phone this would cover half of the screen with a keyboard.
    if (matchMedia("(pointer: fine)").matches) this.#field.current!.focus();
  }

  override componentDidUpdate(): void {
    this.#fit();
  }

  override render({ label }: ComposerProps, { text, completions, chosen }: State) {
    const problem = this.#problem();
    return (
      <form class="composer" onSubmit={this.#onSubmit}>
        {completions && (
          <CompletionList completions={completions} chosen={chosen} onChoose={this.#accept} />
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
        <p id="message-hint" class={problem ? "hint is-error" : "hint"}>
          {problem ?? this.#hint()}
        </p>
      </form>
    );
  }

  #problem(): string | undefined {
    const most = this.props.app.client.state.limits?.bodyBytes;
    const typed = parseTypedLine(this.state.text);
    if (most === undefined || typed.type !== "say") return undefined;
    const bytes = longestBytes(typed.lines);
    if (bytes > most) return `That is ${countOf(bytes - most, "byte")} too long for one message.`;
    return undefined;
  }

  #hint(): string {
    const most = this.props.app.client.state.limits?.bodyBytes ?? Infinity;
    const typed = parseTypedLine(this.state.text);
    if (typed.type !== "say") return "";
    const bytes = longestBytes(typed.lines);
    if (typed.lines.length > 1) return `${countText(typed.lines.length)} lines, said one by one.`;
    return bytes > most - NEAR_LIMIT ? `${countOf(most - bytes, "byte")} left.` : "";
  }

  #set(text: string, caret = text.length): void {
    this.props.view.draft = text;
    this.setState({ text, completions: undefined, chosen: 0 }, () => {
      this.#field.current!.setSelectionRange(caret, caret);
    });
  }

  #fit(): void {
    const field = this.#field.current!;
    field.style.height = "0";
    field.style.height = `${Math.min(HIGHEST_PX, field.scrollHeight)}px`;
  }

  #completionsAt(isAsked: boolean): Completions | undefined {
    const { app } = this.props;
    const { value, selectionStart } = this.#field.current!;
    const { commands } = app.client.state;
    const rooms = app.places.rooms.map(({ name }) => name);
    const context = { commands, names: namesFor(app.places, app.client.state.name), rooms };
    return completionsAt(value, selectionStart, context, isAsked);
  }

  readonly #onInput = (): void => {
    const text = this.#field.current!.value;
    this.props.view.draft = text;
    this.#cycle = undefined;
    const completions = this.#completionsAt(false);
    this.setState({ text, completions, chosen: 0, back: 0 });
  };

  readonly #accept = (completion: Completion): void => {
    const { completions } = this.state;
    if (!completions) return;
    const { text, caret } = complete(this.#field.current!.value, completions, completion);
    this.#set(text, caret);
    this.#field.current!.focus();
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    // With these it is a key of the page, or of the browser.
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (this.#completionKey(event) || this.#key(event)) event.preventDefault();
  };

  /** Keys for the list of completions, while there is one. */
  #completionKey({ key, shiftKey }: KeyboardEvent): boolean {
    const { completions, chosen } = this.state;
    if (!completions) return false;
    const { items, kind, start, end } = completions;
    switch (key) {
      case "ArrowDown":
      case "ArrowUp": {
        const step = key === "ArrowDown" ? 1 : -1;
        this.setState({ chosen: (chosen + step + items.length) % items.length });
        return true;
      }
      case "Enter": {
        if (shiftKey) return false;
        const typed = this.state.text.slice(start, end);
        // A command that is there as a whole is run, not completed.
        if (kind === "command" && items.some(({ insert }) => insert.trim() === typed)) return false;
        if (kind !== "command" && chosen === 0 && typed === "@") return false;
        this.#accept(items[chosen]);
        return true;
      }
      case "Tab":
        this.#accept(items[chosen]);
        return true;
      case "Escape":
        this.setState({ completions: undefined });
        return true;
    }
    return false;
  }

  #key({ key, shiftKey }: KeyboardEvent): boolean {
    const { view } = this.props;
    const { text, back } = this.state;
    if (key === "Enter" && !shiftKey) {
      this.#submit();
      return true;
    }
    if (key === "Tab" && !shiftKey) return this.#completeName();
    const isGoingBack = key === "ArrowUp" && (text === "" || back > 0);
    if (!isGoingBack && !(key === "ArrowDown" && back > 0)) return false;
    const next = Math.min(view.said.length, back + (isGoingBack ? 1 : -1));
    this.#set(next === 0 ? "" : view.said[view.said.length - next]);
    this.setState({ back: next });
    return true;
  }

  /** Tab after the beginning of a name completes it; again, takes the next one. */
  #completeName(): boolean {
    let cycle = this.#cycle;
    const { value } = this.#field.current!;
    if (cycle) cycle.at = (cycle.at + 1) % cycle.completions.items.length;
    else {
      const completions = this.#completionsAt(true);
      if (!completions) return false;
      cycle = this.#cycle = { completions, text: value, at: 0 };
    }
    const { text, caret } = complete(
      cycle.text,
      cycle.completions,
      cycle.completions.items[cycle.at],
    );
    this.#set(text, caret);
    return true;
  }

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    this.#submit();
  };

  #submit(): void {
    const { text } = this.state;
    if (text.trim() === "" || this.#problem() !== undefined) return;
    this.#cycle = undefined;
    this.#set("");
    this.setState({ back: 0 });
    this.props.app.submit(text);
  }

  readonly #onBlur = (): void => {
    this.setState({ completions: undefined });
  };
}
