/** What lasts as long as the case that is shown takes its AbortSignal, as listeners of the browser do. */

/**
 * Call `does` when the signal is aborted; never when there is no signal.
 * @param {AbortSignal | null | undefined} signal
 * @param {() => void} does
 */
export const whenAborted = (signal, does) => signal?.addEventListener("abort", does, { once: true });
