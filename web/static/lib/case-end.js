/** What ends with the case that is shown: listeners take its AbortSignal, as those of the browser do. */

/** Do it when `signal` says that it is over; never without one. */
export const whenOver = (signal, does) => signal?.addEventListener("abort", does, { once: true });
