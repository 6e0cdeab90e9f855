/**
 * A short tone for mentions and private messages.
 *
 * @module
 */

const HERTZ = 880;
const SECONDS = 0.18;
const LOUDNESS = 0.15;

let context: AudioContext | undefined;

/** Plays the tone. Browsers are silent until the user has clicked or typed on the page. */
export function playTone(): void {
  context ??= new AudioContext();
  const { currentTime: start, destination } = context;
  const tone = new OscillatorNode(context, { frequency: HERTZ });
  const volume = new GainNode(context, { gain: LOUDNESS });
  volume.gain.exponentialRampToValueAtTime(0.001, start + SECONDS);
  tone.connect(volume).connect(destination);
  tone.start(start);
  tone.stop(start + SECONDS);
}
