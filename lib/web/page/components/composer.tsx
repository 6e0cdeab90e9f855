/**
 * The message field.
 *
 * @module
 */

import { Component, createRef, h } from "preact";
import type { App } from "../app.ts";
import { readableBody } from "../../../domain/redaction.ts";
import type { CompletionItem } from "../completion.ts";
import type { MessageView } from "../message_view.ts";
import { suggestedNames } from "../completion.ts";
import { isComposing } from "../keyboard.ts";
import { excessOf } from "../../../domain/text/block.ts";
import type { WelcomeMessage } from "../../protocol.ts";
import { unformatted } from "../text_parts.ts";
import { countOf } from "../time_text.ts";
import { parseTypedLine } from "../typed_line.ts";
import { ComposerModel } from "../composer_model.ts";
import { CompletionList, optionId } from "./completion_list.tsx";
import { IconButton } from "./buttons.tsx";
import { Icon } from "./icon.tsx";

export interface ComposerProps {
  readonly app: App;
  readonly view: MessageView;
  /** Placeholder and accessible name: `Message #lobby`. */
  readonly label: string;
}

/** The field grows with its text up to this height. */
const MAX_HEIGHT_PX = 160;
/** Below this many bytes left, the hint shows how many. */
const NEAR_LIMIT = 200;
/** Of the JSON around a text. */
const ENVELOPE_BYTES = 1024;
const encoder = new TextEncoder();

type Limits = WelcomeMessage["limits"];

export class Composer extends Component<ComposerProps> {
  readonly #field = createRef<HTMLTextAreaElement>();
  readonly #model: ComposerModel;

  constructor(props: ComposerProps) {
    super(props);
    const { app, view: { draft, inputHistory: history } } = props;
    const context = () => ({
      commands: app.client.state.commands,
      names: suggestedNames(app.places, app.client.state.name),
      rooms: app.places.rooms.map(({ name }) => name),
    });
    this.#model = new ComposerModel({ draft, history, context });
  }

  override componentDidMount(): void {
    this.#fitHeight();
    // On a phone, focusing would open a keyboard that covers half of the screen.
    if (matchMedia("(pointer: fine)").matches) this.#field.current!.focus();
  }

  override componentDidUpdate(): void {
    this.#fitHeight();
    const { caret } = this.#model;
    if (caret !== undefined) this.#field.current!.setSelectionRange(caret, caret);
    this.#model.caret = undefined;
  }

  override render({ app, view, label }: ComposerProps) {
    const { answered } = view;
    const { text, completions, chosen } = this.#model;
    const { problem, hint } = noticeFor(text, app.client.state.limits);
    return (
      <form class="composer" onSubmit={this.#onSubmit}>
        {completions && (
          <CompletionList completions={completions} chosen={chosen} onChoose={this.#onChoose} />
        )}
        {answered && (
          <p class="answering">
            <span>
              Replying to <b>{answered.from}</b>:{" "}
              <bdi>{unformatted(readableBody(answered)).slice(0, 80)}</bdi>
            </span>
            <IconButton icon="close" label="Cancel reply" onClick={() => app.answer(undefined)} />
          </p>
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

  #fitHeight(): void {
    const field = this.#field.current!;
    const frame = field.parentElement!;
    // Measure without moving anything: the list of messages would lose its place.
    frame.style.height = `${frame.offsetHeight}px`;
    field.style.height = "0";
    field.style.height = `${Math.min(MAX_HEIGHT_PX, field.scrollHeight)}px`;
    frame.style.height = "";
  }

  #changed(): void {
    this.props.view.draft = this.#model.text;
    this.forceUpdate();
  }

  readonly #onInput = (): void => {
    const { value, selectionStart } = this.#field.current!;
    this.#model.typed(value, selectionStart);
    this.#changed();
  };

  readonly #onChoose = (completion: CompletionItem): void => {
    this.#model.accept(completion);
    this.#changed();
    this.#field.current!.focus();
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const { key, shiftKey, altKey, ctrlKey, metaKey } = event;
    // Keys with modifiers belong to the page or the browser.
    if (isComposing(event) || shiftKey || altKey || ctrlKey || metaKey) return;
    if (this.#model.key(key, this.#field.current!.selectionStart)) this.#changed();
    else if (key === "Enter") this.#submit();
    else if (key === "Escape" && this.props.view.answered) this.props.app.answer(undefined);
    else return;
    event.preventDefault();
  };

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    this.#submit();
  };

  #submit(): void {
    const { app } = this.props;
    const { text } = this.#model;
    const { problem } = noticeFor(text, app.client.state.limits);
    if (text.trim() === "" || problem) return;
    this.#model.typed("", 0);
    this.#changed();
    app.commands.submit(text);
  }

  readonly #onBlur = (): void => {
    this.#model.closeList();
    this.forceUpdate();
  };
}

/** The hint or problem to show for a text. */
function noticeFor(text: string, limits?: Limits): { problem?: string; hint?: string } {
  const typed = parseTypedLine(text);
  if (typed.type !== "say" || !limits) return {};
  const problem = excessOf(typed.body, { bytes: limits.bodyBytes, lines: limits.bodyLines });
  if (problem) return { problem };
  const { length } = encoder.encode(JSON.stringify(typed.body));
  // Control characters take six bytes.
  if (length > limits.messageBytes - ENVELOPE_BYTES) {
    return { problem: "The message has too many control characters. Send it in parts." };
  }
  const left = limits.bodyBytes - encoder.encode(typed.body).length;
  return left < NEAR_LIMIT ? { hint: `${countOf(left, "byte")} left.` } : {};
}
