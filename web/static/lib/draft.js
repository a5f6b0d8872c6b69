/** What was typed in a case, kept on this machine until it is saved: no tab, reload or lost connection takes it. */
const PREFIX = "atiende.draft.";
const KEPT = 7 * 86_400_000;

/** @param {number | string} me @param {number | string} number */
const name = (me, number) => `${PREFIX}${me}.${number}`;

/**
 * The draft of a case, or null.
 * @param {number | string} me
 * @param {number | string} number
 * @returns {any}
 */
export function readDraft(me, number) {
  try {
    return JSON.parse(localStorage.getItem(name(me, number)) ?? "null");
  } catch {
    return null;
  }
}

/**
 * Keep what was typed, with the time it was typed at.
 * @param {number | string} me
 * @param {number | string} number
 * @param {object} draft
 */
export function keepDraft(me, number, draft) {
  localStorage.setItem(name(me, number), JSON.stringify({ ...draft, at: Date.now() }));
}

/** Forget the draft of a case. @param {number | string} me @param {number | string} number */
export function dropDraft(me, number) {
  localStorage.removeItem(name(me, number));
}

/** Forget drafts of long ago. */
export function dropOldDrafts() {
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(PREFIX)) continue;
    try {
      if (Date.now() - JSON.parse(localStorage.getItem(key) ?? "null").at > KEPT) localStorage.removeItem(key);
    } catch {
      localStorage.removeItem(key);
    }
  }
}
