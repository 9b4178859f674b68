/** Short tones made on the spot: nothing to download. Silent until the page was touched once. */

let context: AudioContext | null = null;

function play(notes: readonly number[], step = 0.16, gain = 0.12): void {
  if (typeof AudioContext === "undefined") return;
  context ??= new AudioContext();
  const sound = context;
  // A browser may keep it asleep before a gesture; then the words on the screen have to do.
  void sound.resume().catch(() => undefined);
  notes.forEach((frequency, index) => {
    const from = sound.currentTime + index * step;
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(gain, from + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, from + step * 1.6);
    tone.connect(volume).connect(sound.destination);
    tone.start(from);
    tone.stop(from + step * 1.7);
  });
}

export const sounds = {
  /** Somebody arrived. */
  arrival: () => play([659, 880]),
  /** Three notes, to try the speaker. */
  test: () => play([523, 659, 784], 0.28, 0.2),
  lost: () => play([440, 330]),
  back: () => play([330, 440]),
  message: () => play([784], 0.1, 0.06),
  admitted: () => play([523, 784]),
};
